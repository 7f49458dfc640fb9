/* The shape of a certificate: contexts, members, their types, and what Open Badges 3.0 asks for.
 *
 * A member that is not in these tables is refused, also when a context knows the word: nobody would be shown what it says. The server has the same
 * tables (engine/credential/verify_document.c). */
import { utf8 } from './bytes.ts';
import { quoted, refuse } from './fault.ts';
import { isObject, own, type Json, type JsonObject } from './json.ts';
import { CONTEXT_EXTENSIONS, CONTEXT_OB, CONTEXT_VC } from './rdf.ts';
import { parseTime } from './time.ts';

const VALUE_MAX = 64 << 10;
const LIST_MAX = 2000;

/* text!: must be there. text*: one or a list. types:X: type names, X among them. {…}: another table. */
type Kind = 'text' | 'uri' | 'time' | 'bool' | 'skip';
interface Member { kind: Kind | 'types' | 'object'; required: boolean; list: boolean; type?: string; shape?: Shape }
type Shape = Record<string, Member>;

function shape(words: Record<string, string | [string, Shape]>): Shape {
  return Object.fromEntries(Object.entries(words).map(([name, word]) => {
    const [text, inner] = typeof word === 'string' ? [word, undefined] : word;
    const [kind, type] = text.replace(/[!*]/g, '').split(':') as [Member['kind'], string | undefined];
    return [name, { kind, required: text.includes('!'), list: text.includes('*'), ...(type ? { type } : {}), ...(inner ? { shape: inner } : {}) }];
  }));
}

const image = shape({ id: 'uri!', type: 'types!:Image', caption: 'text' });
const identity = shape({ type: 'types!:IdentityObject', hashed: 'bool!', identityHash: 'text!', identityType: 'text!', salt: 'text' });
const identifier = shape({ type: 'types!:IdentifierEntry', identifier: 'text!', identifierType: 'text!' });
const profile = shape({ id: 'uri!', type: 'types!:Profile', name: 'text', url: 'uri', description: 'text', image: ['object', image], email: 'text', phone: 'text', otherIdentifier: ['object*', identifier] });
const criteria = shape({ id: 'uri', narrative: 'text' });
const alignment = shape({ type: 'types!:Alignment', targetCode: 'text', targetDescription: 'text', targetName: 'text!', targetFramework: 'text', targetType: 'text', targetUrl: 'uri!' });
const description = shape({
  id: 'uri!', type: 'types!:ResultDescription', name: 'text!', resultType: 'text!', valueMin: 'text', valueMax: 'text', requiredValue: 'text', allowedValue: 'text*', requiredLevel: 'uri',
  alignment: ['object*', alignment],
});
const achievement = shape({
  id: 'uri!', type: 'types!:Achievement', name: 'text!', description: 'text!', criteria: ['object!', criteria], achievementType: 'text', humanCode: 'text', inLanguage: 'text', version: 'text',
  fieldOfStudy: 'text', specialization: 'text', tag: 'text*', image: ['object', image], creator: ['object', profile], alignment: ['object*', alignment], otherIdentifier: ['object*', identifier],
  resultDescription: ['object*', description],
});
const result = shape({ type: 'types!:Result', resultDescription: 'uri', value: 'text', status: 'text', achievedLevel: 'uri', alignment: ['object*', alignment] });
const subject = shape({
  id: 'uri', type: 'types!:AchievementSubject', identifier: ['object*', identity], achievement: ['object!', achievement], result: ['object*', result], narrative: 'text', role: 'text', term: 'text',
  licenseNumber: 'text', activityStartDate: 'time', activityEndDate: 'time', image: ['object', image], source: ['object', profile],
});
const evidence = shape({ id: 'uri', type: 'types!:Evidence', genre: 'text', name: 'text', narrative: 'text', description: 'text', audience: 'text', identifier: 'text', identifierType: 'text' });
const status = shape({
  id: 'uri', type: 'types!:BitstringStatusListEntry', statusPurpose: 'text!', statusListIndex: 'text!', statusListCredential: 'uri!', statusSize: 'skip', statusMessage: 'skip', statusReference: 'uri*',
});
const credential = shape({
  '@context': 'skip!', id: 'uri!', type: 'types!:VerifiableCredential', name: 'text', description: 'text', image: ['object', image], issuer: ['object!', profile], validFrom: 'time!', validUntil: 'time',
  awardedDate: 'time', credentialSubject: ['object!', subject], evidence: ['object*', evidence], credentialStatus: ['object', status], proof: 'skip',
});

const URI = /^[A-Za-z][^:]*:[^]*$/;
const NOT_URI = /[\0- <>"{}|\\^`]/;

function checkTypes(v: Json, path: string, type: string): void {
  const list = typeof v === 'string' ? [v] : v;
  if (!Array.isArray(list) || list.length > LIST_MAX || !list.every((t) => typeof t === 'string')) return refuse('wrong-type', `${path} must be text or a list of texts.`);
  if (!list.includes(type)) refuse('wrong-type', `${path} does not say ${type}.`);
}

function checkValue(v: Json, path: string, m: Member): void {
  if (m.kind === 'object') return isObject(v) ? checkShape(v, path, m.shape!) : refuse('wrong-type', `${path} must be an object.`);
  if (m.kind === 'bool') return typeof v === 'boolean' ? undefined : refuse('wrong-type', `${path} must be true or false.`);
  if (typeof v !== 'string') return refuse('wrong-type', `${path} must be text${typeof v === 'number' ? ', and is a number' : ''}.`);
  if (utf8(v).length > VALUE_MAX) refuse('too-large', `${path} is too long.`);
  if (m.kind === 'uri' && (!URI.test(v) || NOT_URI.test(v))) refuse('wrong-type', `${path} must be an address (a URI).`);
  if (m.kind === 'time' && parseTime(v) === null) refuse('wrong-type', `${path} must be a time with its zone.`);
}

function checkMember(v: Json, path: string, m: Member): void {
  if (m.kind === 'skip') return;
  if (m.kind === 'types') return checkTypes(v, path, m.type!);
  if (!Array.isArray(v)) return checkValue(v, path, m);
  if (!m.list) refuse('wrong-type', `${path} must be one, not a list.`);
  if (v.length > LIST_MAX) refuse('too-large', `${path} has more than ${LIST_MAX} entries.`);
  v.forEach((one, i) => checkValue(one, `${path}[${i}]`, m));
}

function checkShape(o: JsonObject, path: string, table: Shape): void {
  const at = (name: string): string => quoted(path ? `${path}.${name}` : name, 200);
  for (const [name, m] of Object.entries(table)) if (m.required && !Object.hasOwn(o, name)) refuse('missing-member', `${at(name)} is missing.`);
  for (const [name, v] of Object.entries(o)) {
    if (!Object.hasOwn(table, name)) refuse('unknown-term', `The member ${at(name)} is not known: what it says could not be shown to anybody.`);
    checkMember(v, at(name), table[name]!);
  }
}

function checkContexts(document: JsonObject): void {
  const list = own(document, '@context');
  const wanted = [CONTEXT_VC, CONTEXT_OB, CONTEXT_EXTENSIONS];
  if (list === undefined) refuse('missing-member', '@context is missing.');
  if (!Array.isArray(list) || list.length !== wanted.length || !wanted.every((c, i) => list[i] === c)) refuse('wrong-context', '@context does not list the three contexts of such certificates, in their order.');
}

/* Throws a Fault: missing-member, unknown-term, wrong-type, wrong-context, too-large. */
export function checkCredential(document: JsonObject): void {
  checkContexts(document);
  checkShape(document, '', credential);
  const types = own(document, 'type');
  if (!['OpenBadgeCredential', 'AchievementCredential'].some((t) => t === types || (Array.isArray(types) && types.includes(t)))) refuse('wrong-type', 'type says neither OpenBadgeCredential nor AchievementCredential.');
  const who = document.credentialSubject as JsonObject;
  if (!Object.hasOwn(who, 'id') && !Object.hasOwn(who, 'identifier')) refuse('missing-member', 'credentialSubject names nobody: it has neither id nor identifier.');
  if (!Object.keys((who.achievement as JsonObject).criteria as JsonObject).length) refuse('missing-member', 'credentialSubject.achievement.criteria is empty.');
}
