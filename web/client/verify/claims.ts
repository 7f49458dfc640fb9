/* What a certificate claims, taken apart for a page: score with its error, domains, what was done by hand, rules, evidence. Any certificate in: what is
 * not there is null or empty. Numbers are strings in certificates; here they are read. */
import { isObject, listAt, objectAt, textAt, type Json, type JsonObject } from './json.ts';
import type { Claims } from './report.ts';

export interface Measure { id: string; name: string; type: string; value: string | null; status: string | null; min: string | null; max: string | null; required: string | null; allowed: string[] }
export interface ScoreClaim { value: number; min: number; max: number; cut: number | null; error: number; unit: '%' | 'points' | 'scaled'; chance: number | null }
export interface DomainClaim { id: string; title: string; share: number | null; error: number; band: string | null }
export interface EvidenceClaim { genre: string; name: string; narrative: string | null; sha256: string | null; logIndex: string | null }

export interface Statement {
  title: string;
  description: string;
  rules: string; /* Markdown: the criteria in words */
  score: ScoreClaim | null;
  domains: DomainClaim[];
  byHand: { share: number; score: number | null } | null;
  others: Measure[]; /* what is none of the above */
  evidence: EvidenceClaim[];
  code: string | null;
  version: string | null;
  language: string | null;
  bankSha256: string | null;
  blueprintSha256: string | null;
}

const subjectOf = (c: JsonObject): JsonObject => objectAt(c, 'credentialSubject') ?? {};

export function measuresOf(credential: JsonObject): Measure[] {
  const subject = subjectOf(credential);
  const descriptions = new Map(listAt(objectAt(subject, 'achievement') ?? {}, 'resultDescription').map((d) => [textAt(d, 'id') ?? '', d]));
  return listAt(subject, 'result').flatMap((r): Measure[] => {
    const id = textAt(r, 'resultDescription') ?? '';
    const d: Json = descriptions.get(id) ?? {};
    const name = textAt(d, 'name');
    if (name === null) return [];
    return [{
      id: id.slice(id.lastIndexOf('#') + 1), name, type: textAt(d, 'resultType') ?? '', value: textAt(r, 'value'), status: textAt(r, 'status'),
      min: textAt(d, 'valueMin'), max: textAt(d, 'valueMax'), required: textAt(d, 'requiredValue'), allowed: listAt(d, 'allowedValue').filter((v): v is string => typeof v === 'string'),
    }];
  });
}

const numberOf = (text: string | null | undefined): number | null => (text && /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : null);

function scoreOf(measures: Map<string, Measure>): ScoreClaim | null {
  const m = measures.get('total');
  const value = numberOf(m?.value);
  const [min, max] = [numberOf(m?.min), numberOf(m?.max)];
  if (!m || value === null || min === null || max === null || max <= min) return null;
  const unit = m.type === 'Percent' ? '%' : m.type === 'ScaledScore' ? 'scaled' : 'points';
  return { value, min, max, cut: numberOf(m.required), error: Math.max(0, numberOf(measures.get('total-error')?.value) ?? 0), unit, chance: numberOf(measures.get('chance')?.value) };
}

/* "Networking (percent of its points)" is written for programs that show names alone. */
const domainTitle = (name: string): string => name.replace(/ \(percent of its points\)$/, '');

function domainsOf(measures: Map<string, Measure>): DomainClaim[] {
  return [...measures.values()].filter((m) => m.id.startsWith('domain-') && m.type !== 'ext:StandardError').map((m) => {
    const percent = m.type === 'Percent' ? numberOf(m.value) : null;
    const error = numberOf(measures.get(`${m.id}-error`)?.value) ?? 0;
    return { id: m.id, title: domainTitle(m.name), share: percent === null ? null : percent / 100, error: error / 100, band: percent === null ? m.value : null };
  });
}

const KNOWN = /^(outcome|total|total-error|chance|by-hand|by-hand-score|domain-.*)$/;

function sha256Of(uri: string | null): string | null {
  const m = /^ni:\/\/\/sha-256;([A-Za-z0-9_-]{43})$/.exec(uri ?? '');
  if (!m) return null;
  return [...atob(`${m[1]!.replaceAll('-', '+').replaceAll('_', '/')}=`)].map((c) => c.charCodeAt(0).toString(16).padStart(2, '0')).join('');
}

function identifierOf(achievement: JsonObject, type: string): string | null {
  const found = listAt(achievement, 'otherIdentifier').find((i) => textAt(i, 'identifierType') === type);
  return found ? textAt(found, 'identifier') : null;
}

export function statementOf(credential: JsonObject): Statement {
  const achievement = objectAt(subjectOf(credential), 'achievement') ?? {};
  const list = measuresOf(credential);
  const measures = new Map(list.map((m) => [m.id, m]));
  const byHand = numberOf(measures.get('by-hand')?.value);
  const byHandScore = numberOf(measures.get('by-hand-score')?.value);
  return {
    title: textAt(achievement, 'name') ?? '',
    description: textAt(achievement, 'description') ?? '',
    rules: textAt(objectAt(achievement, 'criteria') ?? {}, 'narrative') ?? '',
    score: scoreOf(measures),
    domains: domainsOf(measures),
    byHand: byHand === null ? null : { share: byHand / 100, score: byHandScore === null ? null : byHandScore / 100 },
    others: list.filter((m) => !KNOWN.test(m.id)),
    evidence: listAt(credential, 'evidence').filter(isObject).map((e) => ({
      genre: textAt(e, 'genre') ?? '', name: textAt(e, 'name') ?? '', narrative: textAt(e, 'narrative'), sha256: sha256Of(textAt(e, 'id')),
      logIndex: textAt(e, 'identifierType') === 'ext:logIndex' ? textAt(e, 'identifier') : null,
    })),
    code: textAt(achievement, 'humanCode'),
    version: textAt(achievement, 'version'),
    language: textAt(achievement, 'inLanguage'),
    bankSha256: identifierOf(achievement, 'ext:bankSha256'),
    blueprintSha256: identifierOf(achievement, 'ext:blueprintSha256'),
  };
}

/* The head of it, as the report has it. */
export function claimsOf(credential: JsonObject): Claims {
  const issuer = objectAt(credential, 'issuer') ?? {};
  const identities = listAt(subjectOf(credential), 'identifier').filter(isObject);
  const named = identities.find((i) => textAt(i, 'identityType') === 'name' && i.hashed === false);
  const measures = measuresOf(credential);
  return {
    title: textAt(objectAt(subjectOf(credential), 'achievement') ?? {}, 'name') ?? textAt(credential, 'name'),
    issuer: { id: textAt(issuer, 'id') ?? '', name: textAt(issuer, 'name') },
    holder: { name: named ? textAt(named, 'identityHash') : null, hashed: identities.some((i) => i.hashed === true) },
    issued_at: textAt(credential, 'awardedDate') ?? textAt(credential, 'validFrom'),
    valid_from: textAt(credential, 'validFrom'),
    valid_until: textAt(credential, 'validUntil'),
    verdict: measures.find((m) => m.type === 'Status')?.status ?? null,
    by_hand: measures.find((m) => m.type === 'ext:ByHand')?.value ?? null,
    rules: textAt(objectAt(objectAt(subjectOf(credential), 'achievement') ?? {}, 'criteria') ?? {}, 'narrative'),
    score: measures.flatMap((m) => (m.value ?? m.status ? [{ name: m.name, value: (m.value ?? m.status)! }] : [])),
  };
}
