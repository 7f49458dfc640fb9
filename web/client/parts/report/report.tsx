/* The report on a certificate: the verdict in words first, then check by check with reasons and times. Made by this browser's verifier or by the
 * server, which use the same words. */
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import type { Check, Outcome, Report } from '../../verify/report.ts';
import { date, dateTime, maybe, t } from '../../texts/index.ts';
import { Icon, type IconName } from '../icon/icon.tsx';

const ICONS: Record<Outcome, IconName> = { pass: 'check', fail: 'cross', unknown: 'help', absent: 'minus' };
const TONES: Record<Report['verdict'], string> = { valid: 'pass', invalid: 'fail', unknown: 'unknown' };

/* What is wrong in one sentence of the reader's language; else as the verifier says it. */
export function reasonOf(c: Check): string {
  return maybe(c.outcome === 'pass' ? `pass.${c.id}` : c.outcome === 'absent' ? `absent.${c.id}` : `why.${c.code}`) ?? c.reason;
}

const failed = (r: Report): Check[] => r.checks.filter((c) => c.outcome === 'fail');

/* Expired is not forged: when one thing alone is wrong, the headline says that. */
const HEADLINES = { expired: 'report.expired', 'not-yet-valid': 'report.early', revoked: 'report.revoked', suspended: 'report.suspended' } as const;

export function headline(r: Report): string {
  if (r.verdict === 'valid') return t(r.format === 'result' ? 'report.validResult' : 'report.valid');
  if (r.verdict === 'unknown') return t('report.unknown');
  const [first, second] = failed(r);
  const known = first && !second && Object.hasOwn(HEADLINES, first.code) ? HEADLINES[first.code as keyof typeof HEADLINES] : null;
  /* "Genuine, but": only when everything else holds. */
  const sure = !r.checks.some((c) => c.required && c.outcome === 'unknown');
  return t(known && (sure || first!.code === 'revoked' || first!.code === 'suspended') ? known : 'report.invalid');
}

/* Why, when it is not simply valid: each reason once. */
export function reasons(r: Report): string[] {
  const those = r.verdict === 'invalid' ? failed(r) : r.verdict === 'unknown' ? r.checks.filter((c) => c.outcome === 'unknown' && c.required) : [];
  return [...new Set(those.map(reasonOf))];
}

const safeDate = (iso: string | null): string | null => (iso && !Number.isNaN(Date.parse(iso)) ? date(iso) : null);

function About({ report: r }: { report: Report }) {
  const c = r.claims;
  const issued = safeDate(c?.issued_at ?? null);
  if (!c || !issued) return null;
  const values = { issuer: c.issuer.name ?? c.issuer.id, name: c.holder.name ?? '', date: issued };
  const until = safeDate(c.valid_until);
  /* What is not signed by whom it names only says so. */
  const issuer = r.checks.find((k) => k.id === 'issuer')?.outcome;
  if (issuer === 'fail' || failed(r).some((k) => /^(proof-|signature|document|format)/.test(k.id))) return null;
  return <p>{issuer !== 'pass' && <strong>{t('report.itSays')} </strong>}{t(c.holder.name ? 'report.issued' : 'report.issuedNobody', values)} {r.format === 'result' ? '' : until ? t('report.until', { date: until }) : t('report.forGood')}</p>;
}

export function VerdictCard({ report: r, focus = false, level = 2, children }: { report: Report; focus?: boolean; level?: 1 | 2; children?: ComponentChildren }) {
  const heading = useRef<HTMLHeadingElement>(null);
  const id = useId();
  const H = level === 1 ? 'h1' : 'h2';
  useEffect(() => {
    if (!focus) return;
    heading.current?.focus({ preventScroll: true });
    heading.current?.scrollIntoView({ block: 'start' });
  }, [r]);
  return (
    <section class={`card summary summary-${TONES[r.verdict]}`} aria-labelledby={id} data-verdict={r.verdict}>
      {r.claims?.title && <p class="kind" dir="auto">{r.claims.title}</p>}
      <div class="summary-head">
        <span class="summary-mark" aria-hidden="true"><Icon name={r.verdict === 'valid' ? 'check' : r.verdict === 'invalid' ? 'cross' : 'help'} /></span>
        <div>
          <H id={id} ref={heading} class="title-large" tabIndex={-1}>{headline(r)}</H>
          {reasons(r).map((text) => <p key={text} class="lead">{text}</p>)}
        </div>
      </div>
      {r.verdict === 'unknown' && <p>{t('report.unknownText')}</p>}
      <About report={r} />
      {children}
    </section>
  );
}

function CheckRow({ check: c }: { check: Check }) {
  const detail = c.outcome === 'fail' || c.outcome === 'unknown' || c.id === 'issuer' || c.id === 'log';
  return (
    <li class={`finding finding-${c.outcome}`} data-check={c.id} data-outcome={c.outcome} data-code={c.code}>
      <Icon name={ICONS[c.outcome]} />
      <div>
        <h3>{maybe(`check.${c.id}`) ?? c.id} <span class="finding-outcome">{t(`outcome.${c.outcome}`)}</span></h3>
        <p>{reasonOf(c)}{c.as_of && <> <small class="muted">({t('report.asOf', { time: dateTime(c.as_of) })})</small></>}</p>
        {detail && <p class="hint" lang="en" dir="auto">{c.reason} <code>{c.code}</code></p>}
      </div>
    </li>
  );
}

export function CheckList({ report: r }: { report: Report }) {
  const id = useId();
  const order: Outcome[] = ['fail', 'unknown', 'pass', 'absent'];
  const sorted = [...r.checks].sort((a, b) => order.indexOf(a.outcome) - order.indexOf(b.outcome));
  return (
    <section class="card" aria-labelledby={id}>
      <h2 id={id}>{t('report.checks')}</h2>
      <ul class="findings">{sorted.map((c) => <CheckRow key={c.id} check={c} />)}</ul>
    </section>
  );
}
