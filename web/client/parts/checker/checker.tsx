/* Checking a certificate: bring it by dropping, choosing, pasting (or, where there is one, by a scanner), read the report. The page /verify and the file
 * that works without a network are this component; what differs is passed in. */
import type { ComponentChildren, ComponentType } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { dateTime, t } from '../../texts/index.ts';
import type { Bytes } from '../../verify/bytes.ts';
import { INPUT_MAX, inputOfText, type Fetch } from '../../verify/input.ts';
import type { JsonObject } from '../../verify/json.ts';
import type { TrustedIssuer } from '../../verify/keys.ts';
import type { Report } from '../../verify/report.ts';
import { verify } from '../../verify/verify.ts';
import { warmUp } from '../../verify/warm.ts';
import { announce } from '../announce/announce.tsx';
import { Icon } from '../icon/icon.tsx';
import { CheckList, headline, VerdictCard } from '../report/report.tsx';
import { Basics, StatementView } from '../report/statement.tsx';
import { Notice } from '../states/states.tsx';
import { readTrustFile, TrustPanel } from './trust.tsx';

export interface Props {
  known: TrustedIssuer[]; /* trusted from the beginning */
  fetch: Fetch | null; /* null: nobody is asked */
  note?: ComponentChildren;
  /* Reads the text of a QR code in a picture; null: there is none, or nothing to read it with. */
  readCode?: (file: Blob) => Promise<string | null>;
  Scanner?: ComponentType<{ onText: (text: string) => void }>;
  children?: ComponentChildren; /* behind the form */
}

/* ---- Bringing it ---- */

/* The whole page takes what is dropped, so that a near miss does not lead the browser away from here. */
function useDrop(onFile: (file: File) => void): boolean {
  const [over, setOver] = useState(false);
  useEffect(() => {
    let depth = 0;
    const hasFile = (e: DragEvent): boolean => [...(e.dataTransfer?.types ?? [])].includes('Files');
    const enter = (e: DragEvent): void => {
      if (!hasFile(e)) return;
      depth++;
      setOver(true);
    };
    const leave = (): void => {
      depth = Math.max(0, depth - 1);
      if (!depth) setOver(false);
    };
    const hold = (e: DragEvent): void => {
      if (hasFile(e)) e.preventDefault();
    };
    const drop = (e: DragEvent): void => {
      depth = 0;
      setOver(false);
      if (!hasFile(e)) return;
      e.preventDefault();
      const file = e.dataTransfer?.files[0];
      if (file) onFile(file);
    };
    const all = { dragenter: enter, dragleave: leave, dragover: hold, drop } as const;
    for (const [name, f] of Object.entries(all)) document.addEventListener(name, f as EventListener);
    return () => {
      for (const [name, f] of Object.entries(all)) document.removeEventListener(name, f as EventListener);
    };
  }, [onFile]);
  return over;
}

export function FileButton({ label, accept, onFile, class: more }: { label: string; accept?: string; onFile: (file: File) => void; class?: string }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <button type="button" class={`button ${more ?? ''}`} onClick={() => input.current?.click()}><Icon name="upload" /> {label}</button>
      <input
        ref={input} type="file" accept={accept} hidden
        onChange={(e) => {
          const file = e.currentTarget.files?.[0];
          e.currentTarget.value = '';
          if (file) onFile(file);
        }}
      />
    </>
  );
}

interface Brought { name: string | null; bytes: Bytes; picture: Blob | null }

function Form({ holder, onHolder, onBring, onError, Scanner }: { holder: string; onHolder: (v: string) => void; onBring: (b: Brought) => void; onError: (text: string) => void; Scanner?: Props['Scanner'] }) {
  const id = useId();
  const [text, setText] = useState('');
  const take = (file: File): void => {
    if (file.size > INPUT_MAX) return onError(t('verify.tooLarge'));
    file.arrayBuffer().then((b) => onBring({ name: file.name, bytes: new Uint8Array(b), picture: file.type.startsWith('image/') ? file : null }), () => onError(t('verify.unreadable')));
  };
  const latest = useRef(take);
  latest.current = take;
  const [onFile] = useState(() => (file: File) => latest.current(file));
  const over = useDrop(onFile);
  const submit = (e: Event): void => {
    e.preventDefault();
    if (!text.trim()) return onError(t('verify.nothing'));
    onBring({ name: null, bytes: inputOfText(text), picture: null });
  };
  return (
    <form class="card stack no-print" onSubmit={submit}>
      <div class={`drop ${over ? 'is-over' : ''}`}>
        <p class="drop-word">{t(over ? 'verify.dropHere' : 'verify.drop')}</p>
        <div class="row drop-ways">
          <FileButton label={t('verify.choose')} onFile={take} />
          {Scanner && <Scanner onText={(found) => onBring({ name: null, bytes: inputOfText(found), picture: null })} />}
        </div>
        <p class="hint">{t('verify.formats')}</p>
      </div>
      <div class="field">
        <label for={`${id}-text`}>{t('verify.paste')}</label>
        <textarea id={`${id}-text`} rows={3} value={text} spellcheck={false} autocomplete="off" dir="auto" onInput={(e) => setText(e.currentTarget.value)} />
      </div>
      <div class="field">
        <label for={`${id}-holder`}>{t('verify.holder')}</label>
        <input id={`${id}-holder`} type="text" value={holder} autocomplete="off" aria-describedby={`${id}-hint`} onInput={(e) => onHolder(e.currentTarget.value)} />
        <p id={`${id}-hint`} class="hint">{t('verify.holderHint')}</p>
      </div>
      <p class="row"><button type="submit" class="button">{t('verify.check')}</button> <span class="hint">{t('verify.private')}</span></p>
    </form>
  );
}

/* ---- The report ---- */

interface Done { report: Report; name: string | null; n: number } /* n: which one, so that each is drawn anew */

function Result({ done, online }: { done: Done; online: boolean }) {
  const { report: r } = done;
  const credential = r.format !== 'result' ? r.credential : null;
  /* Of what does not hold is not said what it states. */
  const shown = credential && r.claims && !r.checks.some((c) => c.outcome === 'fail' && /^(proof|document|format)/.test(c.id));
  return (
    <div class="stack-large" data-report="">
      <VerdictCard report={r} focus>
        {shown && <Basics credential={credential as JsonObject} />}
        <p class="hint">{done.name && <>{t('verify.fromFile', { name: done.name })}. </>}{t(online ? 'report.hereOnline' : 'report.hereOffline', { time: dateTime(r.checked_at) })}</p>
      </VerdictCard>
      <CheckList report={r} />
      {shown && <StatementView credential={credential as JsonObject} />}
    </div>
  );
}

let count = 0;

/* A picture without a certificate inside may be a photo of a QR code. */
async function check(b: Brought, options: Parameters<typeof verify>[1], readCode: Props['readCode']): Promise<Done> {
  const report = await verify(b.bytes, options);
  const none = report.checks.some((c) => c.code === 'no-credential' || c.code === 'not-json');
  const text = none && b.picture && readCode ? await readCode(b.picture).catch(() => null) : null;
  return { report: text === null ? report : await verify(inputOfText(text), options), name: b.name, n: ++count };
}

export function Checker({ known, fetch, note, readCode, Scanner, children }: Props) {
  const [pinned, setPinned] = useState<TrustedIssuer[]>([]);
  const [holder, setHolder] = useState('');
  const [done, setDone] = useState<Done | null>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const last = useRef<Brought | null>(null);
  useEffect(() => {
    const timer = setTimeout(() => void warmUp(), 0);
    return () => clearTimeout(timer);
  }, []);
  const trust = [...known, ...pinned];

  const run = async (b: Brought, issuers: TrustedIssuer[]): Promise<void> => {
    setError(null);
    const added = readTrustFile(b.bytes);
    if (added) {
      setPinned([...pinned, ...added]);
      announce(t('trust.added', { name: added.map((i) => i.name ?? i.id).join(', ') }));
      if (last.current) await run(last.current, [...issuers, ...added]);
      return;
    }
    last.current = b;
    setBusy(true);
    try {
      const result = await check(b, { nowMs: Date.now(), trust: issuers, fetch, holder: holder.trim() || null }, readCode);
      setDone(result);
      announce(headline(result.report));
    } finally {
      setBusy(false);
    }
  };
  const changeTrust = (list: TrustedIssuer[]): void => {
    setPinned(list);
    if (last.current) void run(last.current, [...known, ...list]);
  };
  return (
    <div class="stack-large">
      <Form holder={holder} onHolder={setHolder} onBring={(b) => void run(b, trust)} onError={(text) => { setError(text); announce(text, true); }} Scanner={Scanner} />
      {error && <Notice tone="bad"><p>{error}</p></Notice>}
      {busy && <p role="status">{t('verify.checking')}</p>}
      {done && <Result key={done.n} done={done} online={fetch !== null} />}
      <TrustPanel known={known} pinned={pinned} note={note} onChange={changeTrust} />
      {children}
    </div>
  );
}
