/* The verifier: any bytes in, a report out. Free of the DOM and of the network: what it may ask for comes in as a function, and without one it is offline.
 *
 * The same checks with the same words as `assay verify` and POST /api/v1/verify. Which of two faults is named first, and the sentences, may differ; the
 * verdict may not. */
import { sha256Hex, textOf, utf8, type Bytes } from './bytes.ts';
import { claimsOf } from './claims.ts';
import { Fault, quoted } from './fault.ts';
import { Opener, type Fetch, type Opened } from './input.ts';
import { isObject, listAt, own, parseJson, textAt, type Json, type JsonObject } from './json.ts';
import { findKey, type KeyFinding, type KeySources, type Purpose, type TrustedIssuer } from './keys.ts';
import { checkSeal } from './picture.ts';
import { readProofs, SUITES, Unsigned, type Proof, type Suite } from './proof.ts';
import { ReportWriter, type Report } from './report.ts';
import { checkResult } from './result.ts';
import { checkCredential } from './shape.ts';
import { isSet, readEntry, readList, type Entry } from './status.ts';
import { iso, parseTime } from './time.ts';
import { checkLogProof, readNoteKey } from './tlog.ts';

export interface Options {
  nowMs: number;
  trust?: readonly TrustedIssuer[];
  fetch?: Fetch | null;
  holder?: string | null; /* whom it is said to be about */
}

const CLOCK_SKEW_MS = 5 * 60000;
const DID_MAX = 256 << 10;
const LIST_MAX = 4 << 20;
const LOG_PROOF_MAX = 128 << 10;
const IDS: Record<Suite, 'proof-rdfc' | 'proof-jcs'> = { 'eddsa-rdfc-2022': 'proof-rdfc', 'eddsa-jcs-2022': 'proof-jcs' };

const LABEL = '[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?';
const DID_WEB = new RegExp(`^did:web:(${LABEL}(?:\\.${LABEL})*)(?:%3[Aa]([1-9]\\d{0,4}))?((?::[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*)$`);

/* Where the document of a did:web is; null: no such DID. A name whose last label is a number is an address, which did:web does not have. */
export function didAddress(did: string): string | null {
  const m = DID_WEB.exec(did);
  if (!m || m[1]!.length > 253 || /(^|\.)\d+$/.test(m[1]!) || Number(m[2] ?? 1) > 65535) return null;
  const path = m[3]!.replaceAll(':', '/');
  return `https://${m[1]!.toLowerCase()}${m[2] ? `:${m[2]}` : ''}${path || '/.well-known'}/did.json`;
}

interface ProofSet { key: KeyFinding; createdMs: number; faults: Map<Suite, Fault>; holds: boolean }

class Work {
  readonly report: ReportWriter;
  private readonly trust: readonly TrustedIssuer[];
  private readonly fetch: Fetch | null;
  private sources: KeySources = { issuer: '', trust: [], fetched: null, brought: null };

  constructor(private readonly options: Options) {
    this.report = new ReportWriter(options.nowMs);
    this.trust = options.trust ?? [];
    this.fetch = options.fetch ?? null;
  }

  async run(input: Bytes): Promise<void> {
    const opened = await new Opener(this.report, this.fetch).open(input);
    if (opened?.kind === 'result') checkResult(this.report, input, opened.envelope, this.trust);
    else if (opened) await this.credential(opened);
  }

  private async credential(c: Opened): Promise<void> {
    try {
      checkCredential(c.document);
    } catch (e) {
      if (!(e instanceof Fault)) throw e;
      return this.report.add('document', 'fail', true, e.code, e.reason);
    }
    this.report.add('document', 'pass', true, 'ok', `An Open Badges 3.0 credential with all that belongs to it, and nothing else${c.linked ? '; it is the one that the link is about' : ''}.`);
    const issuer = textAt(own(c.document, 'issuer'), 'id') ?? '';
    this.sources = { issuer, trust: this.trust, fetched: await this.fetchDid(issuer), brought: c.bundle?.didDocument ?? null };
    const hold = await this.proofs(c.document);
    this.dates(c.document);
    await this.status(c, hold);
    await this.log(c, hold);
    this.picture(c);
    this.holder(c.document);
    this.report.claims = claimsOf(c.document);
  }

  private async fetchDid(issuer: string): Promise<Json | null> {
    const url = this.fetch && didAddress(issuer);
    if (!url) return null;
    try {
      return parseJson(await this.fetch!(url, DID_MAX));
    } catch {
      return null; /* not asked, out of reach, or not JSON: its keys are not known from there */
    }
  }

  /* ---- Proofs, and whose key it is ---- */

  private async proofSet(document: JsonObject, purpose: Purpose): Promise<ProofSet> {
    const none: KeyFinding = { standing: 'refused', key: null, code: 'key-not-found', reason: 'There is no proof that names a key.' };
    const set: ProofSet = { key: none, createdMs: 0, faults: new Map(), holds: false };
    let proofs: Map<Suite, Proof>;
    try {
      proofs = readProofs(document);
    } catch (e) {
      if (!(e instanceof Fault)) throw e;
      for (const s of SUITES) set.faults.set(s, e);
      return set;
    }
    const unsigned = new Unsigned(document);
    let found: KeyFinding | null = null;
    for (const suite of SUITES) {
      const p = proofs.get(suite);
      if (!p) {
        set.faults.set(suite, new Fault('proof-missing', 'There is no such proof: it was taken away, or never made.'));
        continue;
      }
      const key = findKey(this.sources, purpose, p.method, p.createdMs);
      if (!found || RANK[key.standing] > RANK[found.standing]) found = key;
      set.createdMs = Math.max(set.createdMs, p.createdMs);
      const fault = await this.proofFault(unsigned, p, key);
      if (fault) set.faults.set(suite, fault);
    }
    set.key = found ?? none;
    set.holds = set.faults.size === 0;
    return set;
  }

  /* Whether the bytes were changed is another question than whose key it is. */
  private async proofFault(unsigned: Unsigned, p: Proof, key: KeyFinding): Promise<Fault | null> {
    if (!key.key) return new Fault(key.code, key.reason);
    try {
      return (await unsigned.holds(p, key.key)) ? null : new Fault('changed', 'The signature does not match: something was changed after it was made.');
    } catch (e) {
      if (e instanceof Fault) return e;
      throw e;
    }
  }

  private async proofs(document: JsonObject): Promise<boolean> {
    const set = await this.proofSet(document, 'credentials');
    this.report.add('issuer', OUTCOMES[set.key.standing], true, set.key.code, set.key.reason, this.sources.fetched === null ? null : this.options.nowMs);
    for (const suite of SUITES) {
      const fault = set.faults.get(suite);
      if (fault) this.report.add(IDS[suite], 'fail', true, fault.code, fault.reason);
      else this.report.add(IDS[suite], 'pass', true, 'ok', `These are the ${suite === 'eddsa-rdfc-2022' ? 'statements' : 'bytes'} that were signed with the key that it names.`, set.createdMs);
    }
    return set.holds;
  }

  /* ---- Dates ---- */

  private dates(document: JsonObject): void {
    const [from, until] = [textAt(document, 'validFrom') ?? '', textAt(document, 'validUntil')];
    const fromMs = parseTime(from)!; /* the shape was checked */
    const untilMs = until === null ? null : parseTime(until)!;
    const now = this.options.nowMs;
    const add = (outcome: 'pass' | 'fail', code: 'ok' | 'expired' | 'not-yet-valid', reason: string): void => this.report.add('dates', outcome, true, code, reason, now);
    if (untilMs !== null && untilMs <= fromMs) add('fail', 'expired', 'It ends before it begins.');
    else if (now + CLOCK_SKEW_MS < fromMs) add('fail', 'not-yet-valid', `It is valid from ${from} on.`);
    else if (untilMs !== null && now >= untilMs) add('fail', 'expired', `It expired on ${until}.`);
    else add('pass', 'ok', untilMs === null ? `Valid from ${from} on, without an end.` : `Valid from ${from} until ${until}.`);
  }

  /* ---- Status ---- */

  private async status(c: Opened, proofsHold: boolean): Promise<void> {
    try {
      const entry = readEntry(c.document);
      if (!entry) return this.report.add('status', 'absent', false, 'ok', 'It names no status list: its issuer cannot take it back.');
      if (!proofsHold) return this.unknownStatus('status-unreachable', 'As its proofs do not hold, nobody was asked.');
      await this.statusOf(entry, c.bundle?.statusList ?? null);
    } catch (e) {
      if (!(e instanceof Fault)) throw e;
      this.unknownStatus(e.code, e.reason);
    }
  }

  private unknownStatus(code: Fault['code'], reason: string): void {
    this.report.add('status', 'unknown', true, code, `Whether it was taken back is not known. ${reason}`);
  }

  /* The list of a did:web issuer is on the issuer's own host: no certificate makes a verifier ask somebody else. */
  private isIssuers(url: string): boolean {
    const own_ = didAddress(this.sources.issuer);
    return this.sources.issuer.startsWith('did:web:') ? own_ !== null && originOf(own_) === originOf(url) : url.startsWith('https://');
  }

  /* What is fetched is fresher than what came along. */
  private async getList(entry: Entry, brought: JsonObject | null): Promise<Json | null> {
    if (!this.fetch || !this.isIssuers(entry.list)) return brought;
    try {
      return parseJson(await this.fetch(entry.list, LIST_MAX));
    } catch {
      return brought;
    }
  }

  /* What the list at an address says of the certificate. Throws a Fault: it cannot be used. */
  private async askList(entry: Entry, brought: JsonObject | null): Promise<{ set: boolean; fromMs: number }> {
    const document = await this.getList(entry, brought);
    if (document === null) throw new Fault('status-unreachable', 'The issuer’s list was not read.');
    const list = readList(document, entry.list);
    if (list.issuer !== this.sources.issuer) throw new Fault('status-signature', 'The list is another issuer’s.');
    const set = await this.proofSet(document as JsonObject, 'status');
    if (!set.holds) throw new Fault('status-signature', `The list is not as it was signed. ${[...set.faults.values()][0]!.reason}`);
    if (set.key.standing !== 'trusted') throw new Fault(set.key.standing === 'unknown' ? 'key-not-trusted' : 'status-signature', `The list’s key does not count. ${set.key.reason}`);
    if (list.validFromMs > this.options.nowMs + CLOCK_SKEW_MS) throw new Fault('status-stale', 'The list is from the future.');
    if (this.options.nowMs >= list.validUntilMs) throw new Fault('status-stale', `The list at hand is of ${iso(list.validFromMs)}, and counted until ${iso(list.validUntilMs)}.`);
    return { set: isSet(list, entry), fromMs: list.validFromMs };
  }

  /* Our lists of revocations have the suspended ones, too; a second list tells a pause from the end. null: it was not to be had. */
  private async isPaused(entry: Entry): Promise<boolean | null> {
    if (!entry.reference) return null;
    try {
      return (await this.askList({ ...entry, list: entry.reference, purpose: 'suspension' }, null)).set;
    } catch (e) {
      if (e instanceof Fault) return null;
      throw e;
    }
  }

  private async statusOf(entry: Entry, brought: JsonObject | null): Promise<void> {
    const { set, fromMs } = await this.askList(entry, brought);
    if (!set) return this.report.add('status', 'pass', true, 'ok', 'The issuer has not taken it back.', fromMs);
    const paused = entry.purpose === 'suspension' ? true : await this.isPaused(entry);
    if (paused) this.report.add('status', 'fail', true, 'suspended', 'The issuer has suspended it: it may count again.', fromMs);
    else this.report.add('status', 'fail', true, 'revoked', `The issuer has taken it back${paused === null ? ', or suspended it: which of the two is in another list, which was not to be had' : ''}.`, fromMs);
  }

  /* ---- Log ---- */

  /* The proof beside the certificate, where the issuer keeps it. */
  private async fetchLogProof(document: JsonObject, proofsHold: boolean): Promise<string | null> {
    const id = textAt(document, 'id') ?? '';
    if (!this.fetch || !proofsHold || !this.isIssuers(id)) return null;
    try {
      return textOf(await this.fetch(`${id}/log-proof`, LOG_PROOF_MAX)) || null;
    } catch {
      return null;
    }
  }

  private async log(c: Opened, proofsHold: boolean): Promise<void> {
    const proof = c.bundle?.logProof ?? (await this.fetchLogProof(c.document, proofsHold));
    const named = listAt(c.document, 'evidence').some((e) => isObject(e) && textAt(e, 'identifierType') === 'ext:logIndex');
    if (proof === null) return named ? this.report.add('log', 'unknown', false, 'log-missing', 'Its result was logged; that the certificate was, too, no proof is at hand for.') : this.report.add('log', 'absent', false, 'log-missing', 'It names no log.');
    const pinned = this.trust.flatMap((i) => (i.id === this.sources.issuer && i.logKey ? [i.logKey] : []));
    const keys = (pinned.length ? pinned : [c.bundle?.logKey ?? '']).flatMap((k) => readNoteKey(k) ?? []);
    if (!keys.length) return this.report.add('log', 'unknown', false, 'key-not-trusted', 'The key of the issuer’s log is not known.');
    let fault: Fault | null = null;
    for (const key of keys) {
      try {
        const at = checkLogProof(proof, 'certificate', c.canonical, key);
        const where = `entry ${at.index} of the log ${quoted(at.origin)}, which had ${at.size} entries then`;
        if (pinned.length) this.report.add('log', 'pass', true, 'ok', `It is ${where}.`, c.bundle?.madeMs ?? this.options.nowMs);
        else this.report.add('log', 'unknown', false, 'key-not-trusted', `It is ${where}, says a proof whose key came in the bundle and is not pinned.`, c.bundle?.madeMs ?? null);
        return;
      } catch (e) {
        if (!(e instanceof Fault)) throw e;
        fault = e;
      }
    }
    this.report.add('log', 'fail', true, 'log-mismatch', fault!.reason);
  }

  /* ---- Picture and holder ---- */

  private picture(c: Opened): void {
    const p = c.picture;
    const add = (outcome: 'pass' | 'fail' | 'unknown', f: { code: Fault['code']; reason: string }): void => this.report.add('picture', outcome, true, f.code, f.reason);
    if (!p) return this.report.add('picture', 'absent', false, 'ok', 'This is no picture.');
    if (!p.canonical) return add('fail', { code: 'picture-changed', reason: 'The picture was changed, or saved again by another program.' });
    if (!p.seal) return add('fail', p.sealFault ?? { code: 'picture-missing-seal', reason: 'Nothing says that the issuer made this picture for this certificate: believe what the certificate says, not what is drawn.' });
    const key = findKey(this.sources, 'credentials', p.seal.method, 0);
    if (key.standing === 'refused' || !key.key) return add('fail', { code: key.code, reason: `The picture was sealed with a key that does not count. ${key.reason}` });
    try {
      checkSeal(p, key.key);
    } catch (e) {
      if (!(e instanceof Fault)) throw e;
      return add('fail', e);
    }
    if (key.standing === 'unknown') return add('unknown', { code: key.code, reason: `The picture was made for this certificate by whoever holds the key. ${key.reason}` });
    add('pass', { code: 'ok', reason: 'The issuer made exactly this picture for this certificate.' });
  }

  private holder(document: JsonObject): void {
    const name = this.options.holder;
    if (name === null || name === undefined) return this.report.add('holder', 'absent', false, 'ok', 'Nobody was named whom it should be about.');
    const found = listAt(own(document, 'credentialSubject'), 'identifier').some((i) => {
      const hash = textAt(i, 'identityHash') ?? '';
      return isObject(i) && (own(i, 'hashed') === true ? hash === `sha256$${sha256Hex(utf8(name + (textAt(i, 'salt') ?? '')))}` : hash === name);
    });
    if (found) this.report.add('holder', 'pass', true, 'ok', `It is about "${quoted(name)}".`);
    else this.report.add('holder', 'fail', true, 'holder-mismatch', `It is not about "${quoted(name)}", spelled like this.`);
  }
}

const RANK = { trusted: 0, unknown: 1, refused: 2 };
const OUTCOMES = { trusted: 'pass', unknown: 'unknown', refused: 'fail' } as const;

const originOf = (url: string): string | null => /^https?:\/\/[^/?#\\]+/.exec(url)?.[0] ?? null;

export async function verify(input: Bytes, options: Options): Promise<Report> {
  const work = new Work(options);
  await work.run(input);
  return work.report.finish();
}

