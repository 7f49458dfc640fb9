/* What a certificate states, for whoever reads it: what was measured, how sure that is, what was done by hand, by which rules, on what it rests, and
 * what it does not say. All of it comes from the certificate; text in it is shown as text. */
import type { ComponentChildren } from 'preact';
import { useId, useMemo } from 'preact/hooks';
import { BarsPlot } from '../../plots/bars.tsx';
import { ScalePlot } from '../../plots/scale.tsx';
import { SharePlot } from '../../plots/share.tsx';
import { date, maybe, percent, t } from '../../texts/index.ts';
import { claimsOf, statementOf, type EvidenceClaim, type Statement } from '../../verify/claims.ts';
import type { JsonObject } from '../../verify/json.ts';

function Card({ title, children, class: more }: { title: string; children: ComponentChildren; class?: string }) {
  const id = useId();
  return (
    <section class={`card stack ${more ?? ''}`} aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {children}
    </section>
  );
}

function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return <div><dt>{name}</dt><dd dir="auto">{children}</dd></div>;
}

/* Markdown as it is written there: paragraphs alone. Its marks are left as they are rather than obeyed. */
const Paragraphs = ({ text, lang }: { text: string; lang?: string | null }) => (
  <>{text.split(/\n{2,}/).map((p, i) => <p key={i} dir="auto" lang={lang ?? undefined}>{p.trim()}</p>)}</>
);

function Measured({ statement: s }: { statement: Statement }) {
  const bands = s.domains.filter((d) => d.band !== null);
  const bars = s.domains.flatMap((d) => (d.share === null ? [] : [{ id: d.id, title: d.title, share: d.share, error: d.error }]));
  return (
    <>
      <Card title={t('claim.measured')}>
        {s.description && s.description !== s.title && <p dir="auto">{s.description}</p>}
        {s.score ? <ScalePlot score={s.score} about="holder" /> : <p>{t('claim.noScore')}</p>}
        {s.score?.chance !== null && s.score?.chance !== undefined && <p>{t('claim.chance', { share: percent(Math.min(1, Math.max(0, s.score.chance)), 1) })}</p>}
      </Card>
      <div class="result-pair">
        {bars.length > 0 && <Card title={t('claim.domains')}><BarsPlot groups={bars} name={t('claim.domains')} cut={null} /></Card>}
        {bands.length > 0 && (
          <Card title={t('claim.domains')}>
            <dl class="bands">
              {bands.map((d) => <div key={d.id}><dt dir="auto">{d.title}</dt><dd class={`band band-${d.band}`}><span class="band-steps" aria-hidden="true"><i /><i /><i /></span> {maybe(`band.${d.band}`) ?? d.band}</dd></div>)}
            </dl>
          </Card>
        )}
        <Card title={t('claim.byHand')}>
          {s.byHand ? (
            <SharePlot
              name={t('claim.byHand')}
              summary={`${t('claim.byHandText', { share: percent(s.byHand.share) })} ${s.byHand.score === null ? '' : t('claim.byHandScore', { share: percent(s.byHand.score) })}`}
              share={s.byHand.share}
              part={t('handsOn.doing')}
              rest={t('handsOn.asking')}
            />
          ) : <p>{t('claim.noHands')}</p>}
        </Card>
      </div>
      {s.others.length > 0 && (
        <Card title={t('claim.others')}>
          <dl class="about">{s.others.map((m) => <Fact key={m.id} name={m.name}>{m.value ?? m.status}</Fact>)}</dl>
        </Card>
      )}
    </>
  );
}

function EvidenceRow({ evidence: e }: { evidence: EvidenceClaim }) {
  return (
    <li>
      <p><strong dir="auto">{e.name}</strong>{e.logIndex !== null && <> · {t('claim.logEntry', { index: e.logIndex })}</>}</p>
      {e.narrative && <p class="hint" dir="auto">{e.narrative}</p>}
      {e.sha256 && <p class="hint">{t('claim.hash')} <code class="hash">{e.sha256}</code></p>}
    </li>
  );
}

function RestsOn({ statement: s }: { statement: Statement }) {
  return (
    <Card title={t('claim.evidence')}>
      <p class="hint">{t('claim.evidenceText')}</p>
      <ul class="evidence">{s.evidence.map((e, i) => <EvidenceRow key={i} evidence={e} />)}</ul>
      <dl class="about">
        {s.code && <Fact name={t('claim.exam')}>{s.code}</Fact>}
        {s.version && <Fact name={t('claim.version')}>{s.version}</Fact>}
        {s.bankSha256 && <Fact name={t('claim.bank')}><code class="hash">{s.bankSha256}</code></Fact>}
        {s.blueprintSha256 && <Fact name={t('claim.blueprint')}><code class="hash">{s.blueprintSha256}</code></Fact>}
      </dl>
    </Card>
  );
}

/* Who, whom, from when until when. */
export function Basics({ credential }: { credential: JsonObject }) {
  const c = claimsOf(credential);
  const day = (iso: string | null): string => (iso && !Number.isNaN(Date.parse(iso)) ? date(iso) : '');
  return (
    <dl class="summary-facts basics">
      <Fact name={t('claim.holderName')}>{c.holder.name ?? t('claim.noName')}</Fact>
      <Fact name={t('claim.issuer')}>{c.issuer.name ?? c.issuer.id}{c.issuer.name && <small><code class="hash">{c.issuer.id}</code></small>}</Fact>
      <Fact name={t('claim.from')}>{day(c.valid_from)}</Fact>
      <Fact name={t('claim.until')}>{c.valid_until ? day(c.valid_until) : t('claim.never')}</Fact>
    </dl>
  );
}

function NotSaid({ named, byHand }: { named: boolean; byHand: boolean }) {
  return (
    <Card title={t('claim.not')}>
      <ul class="ticks">
        <li>{t('not.watched')}</li>
        <li>{t(named ? 'not.name' : 'not.noName')}</li>
        <li>{t('not.else')}</li>
        {!byHand && <li>{t('not.hands')}</li>}
        <li>{t('not.today')}</li>
      </ul>
    </Card>
  );
}

export function StatementView({ credential }: { credential: JsonObject }) {
  const s = useMemo(() => statementOf(credential), [credential]);
  const named = useMemo(() => claimsOf(credential).holder.name !== null, [credential]);
  return (
    <>
      <Measured statement={s} />
      <div class="result-pair">
        {s.rules && <Card title={t('claim.rules')}><Paragraphs text={s.rules} lang="en" /></Card>}
        <NotSaid named={named} byHand={s.byHand !== null} />
      </div>
      <RestsOn statement={s} />
    </>
  );
}
