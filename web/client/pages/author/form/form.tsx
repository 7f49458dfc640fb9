/* The form: a question as fields, for people who never want to see its Markdown. It edits the same text as the editor; what it does not
 * change keeps its bytes. */
import { useEffect, useRef, useState } from 'preact/hooks';
import * as author from '../../../api/author.ts';
import { Dialog } from '../../../parts/dialog/dialog.tsx';
import { Icon } from '../../../parts/icon/icon.tsx';
import { errorText, Loading, Notice } from '../../../parts/states/states.tsx';
import { t } from '../../../texts/index.ts';
import type { Desk } from '../desk.ts';
import { NewDialog } from '../tree/new.tsx';
import type { Workbench } from '../workbench.ts';
import { About } from './about.tsx';
import { Blanks } from './cloze.tsx';
import { errorsByField, errorsOfPart, type FieldErrors } from './errors.ts';
import { Errors, Field, Line, Select } from './field.tsx';
import { Rubric, Statements } from './grid.tsx';
import { Hotspot } from './hotspot.tsx';
import { KindPicture } from './kind-picture.tsx';
import { becomes, isChoice, isKind, KINDS, loses, type FormKind } from './kinds.ts';
import { blankFrom } from './blanks.ts';
import { Choices, Pairs, Steps } from './options.tsx';
import { Prose } from './prose.tsx';
import { textOf, type PartProps } from './props.ts';
import { References, Hints } from './sources.tsx';
import { FormSync, type FormApi } from './sync.ts';
import { Numbers, Texts } from './typed.tsx';
import { AsText } from './as-text.tsx';

const API: FormApi = { parse: author.parse, write: author.writeModel };

/* One FormSync for each question, which goes on as the same when the question gets another id by it. */
function useForm(desk: Desk, path: string | null, item: string | null): FormSync | null {
  const [, again] = useState(0);
  const sync = useRef<FormSync | null>(null);
  if (sync.current && (sync.current.path !== path || sync.current.item !== item)) {
    sync.current.stop();
    sync.current = null;
  }
  if (!sync.current && path) sync.current = new FormSync(desk, API, path, item, () => again((n) => n + 1));
  const mine = sync.current;
  useEffect(() => void mine?.take(), [mine, desk.doc?.text]);
  /* What was typed is in the text before it is saved, or another one is opened. */
  useEffect(() => desk.hold(async () => mine?.flush()), [mine]);
  useEffect(() => () => sync.current?.stop(), []);
  return mine;
}

function Answers(p: PartProps) {
  const { model } = p;
  if (isChoice(model.type)) return <Choices {...p} />;
  switch (model.type) {
    case 'ordering': return <Steps {...p} />;
    case 'matching': return <Pairs {...p} />;
    case 'grid': return <Statements {...p} />;
    case 'numeric': return <Numbers {...p} />;
    case 'text': return <Texts {...p} />;
    case 'cloze': return <Blanks {...p} />;
    case 'hotspot': return <Hotspot {...p} />;
    case 'essay': return <Rubric {...p} />;
    default: return <AsText desk={p.desk} path={p.path} text={textOf(model.answer_text)} />;
  }
}

function KindField({ model, set }: PartProps) {
  const [asked, setAsked] = useState<FormKind | null>(null);
  const kind = isKind(model.type) ? model.type : 'single';
  const change = (to: FormKind): void => set(becomes(to, model), true);
  return (
    <>
      <div class="kind-field">
        <KindPicture kind={kind} />
        <Select label={t('form.kind')} value={kind as FormKind} values={KINDS.map((k) => ({ value: k, name: t(`form.kind.${k}`) }))} onChange={(to) => (loses(to, model) ? setAsked(to) : change(to))} />
      </div>
      {asked && (
        <Dialog
          title={t('form.kind.change', { kind: t(`form.kind.${asked}`) })}
          onClose={() => setAsked(null)}
          actions={
            <>
              <button type="button" class="button button-quiet" onClick={() => setAsked(null)}>{t('author.cancel')}</button>
              <button type="button" class="button" onClick={() => { change(asked); setAsked(null); }}>{t('form.kind.changeNow')}</button>
            </>
          }
        >
          <p>{t('form.kind.loses')}</p>
        </Dialog>
      )}
    </>
  );
}

function Stem(p: PartProps) {
  const area = useRef<HTMLTextAreaElement | null>(null);
  const { model, set, errors, path } = p;
  const cloze = model.type === 'cloze';
  const blank = (): void => {
    const a = area.current;
    if (!a) return;
    const next = blankFrom(a.value, a.selectionStart, a.selectionEnd, '?');
    set({ stem: next }, true);
  };
  return (
    <>
      <Field label={t('form.stem')} errors={errors.get('stem')}>
        {(a) => <Prose {...a} value={textOf(model.stem)} path={path} least={4} onInput={(stem) => set({ stem: stem || null })} area={(e) => { area.current = e; }} />}
      </Field>
      {cloze && <p><button type="button" class="button button-quiet" onMouseDown={(e) => e.preventDefault()} onClick={blank}><Icon name="plus" /> {t('form.cloze.make')}</button> <span class="hint">{t('form.cloze.makeHint')}</span></p>}
    </>
  );
}

/* Messages of the answers that no entry shows. */
const answerErrors = (errors: FieldErrors) => errorsOfPart(errors, ['answers', 'options']);

function Fields(p: PartProps & { known: boolean }) {
  const { model, set, errors, path, desk, known } = p;
  const parameters = textOf(model.params);
  return (
    <>
      <section class="form-part form-head">
        <Line label={t('form.title')} hint={t('form.title.hint')} value={textOf(model.title)} errors={errors.get('title')} onInput={(v) => set({ title: v.replace(/[\r\n]/g, ' ') || null })} />
        <KindField {...p} />
      </section>
      <Errors problems={errors.get('')} />
      <section class="form-part">
        <Stem {...p} />
      </section>
      <section class="form-part" aria-labelledby="form-answers">
        <h2 id="form-answers">{t(model.type === 'essay' ? 'feedback.rubric' : 'form.answers')}</h2>
        <Answers {...p} />
        <Errors problems={answerErrors(errors)} />
      </section>
      <section class="form-part" aria-labelledby="form-feedback">
        <h2 id="form-feedback">{t('form.afterwards')}</h2>
        <Field label={t('feedback.explanation')} hint={t('form.explanation.hint')} errors={errors.get('explanation')}>
          {(a) => <Prose {...a} value={textOf(model.explanation)} path={path} onInput={(v) => set({ explanation: v || null })} />}
        </Field>
        <References {...p} />
        <Hints {...p} />
      </section>
      <section class="form-part" aria-labelledby="form-about">
        <h2 id="form-about">{t('form.about')}</h2>
        <p class="hint">{t('form.id')}: <code>{textOf(model.id)}</code>{known ? ` · ${t('form.id.hint')}` : ''}</p>
        <About {...p} />
      </section>
      <details class="form-part form-params" open={parameters !== '' || undefined}>
        <summary>{t('form.params')}</summary>
        <Field label={t('form.params.program')} hint={t('form.params.hint')} errors={errors.get('params')}>
          {(a) => <Prose {...a} mono tools={false} value={parameters} path={path} least={4} placeholder={'local a = rand(2, 9)\nreturn { a = a, double = 2 * a }'} onInput={(v) => set({ params: v.trim() ? v : null })} />}
        </Field>
        {parameters !== '' && <p><button type="button" class="button-link" onClick={() => desk.showPane('preview')}>{t('form.params.draws')}</button></p>}
      </details>
    </>
  );
}

function Choose({ desk }: { desk: Desk }) {
  const path = desk.doc!.path;
  const items = desk.tree.files.find((f) => f.path === path)?.items ?? [];
  return (
    <div class="form-choose">
      <p>{items.length ? t('form.which') : t('form.none')}</p>
      <ul>
        {items.map((i) => (
          <li key={i.id}>
            <button type="button" class="form-card" onClick={() => void desk.open(path, { item: i.id }).then(() => desk.showPane('form'))}>
              {isKind(i.kind) && <KindPicture kind={i.kind} />}
              <span><strong>{i.title}</strong><small>{i.kind && isKind(i.kind) ? t(`form.kind.${i.kind}`) : t('form.broken')}</small></span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

export function FormPane({ desk }: { desk: Desk }) {
  const [making, setMaking] = useState(false);
  const doc = desk.doc;
  const items = desk.tree.files.find((f) => f.path === doc?.path)?.items ?? [];
  const alone = items.length <= 1;
  const item = alone ? null : desk.item;
  const sync = useForm(desk, doc && (items.length === 1 || item) ? doc.path : null, item);
  const model = sync?.model ?? null;
  const errors: FieldErrors = sync?.range ? errorsByField(desk.problems, doc!.path, { range: sync.range, places: sync.places }, alone) : new Map();
  return (
    <section class="form" aria-label={t('author.pane.form')} onFocusOut={() => void sync?.flush()}>
      <div class="form-bar">
        <button type="button" class="button button-quiet button-small" onClick={() => setMaking(true)}><Icon name="plus" /> {t('form.new')}</button>
        {sync && doc && items.length > 1 && (
          <select class="form-which" aria-label={t('form.which')} value={item ?? ''} onChange={(e) => void desk.open(doc.path, { item: e.currentTarget.value }).then(() => desk.showPane('form'))}>
            {items.map((i) => <option key={i.id} value={i.id}>{i.title}</option>)}
          </select>
        )}
        {sync?.refused != null && <span class="hint hint-warn" role="alert">{errorText(sync.refused)}</span>}
      </div>
      {!sync && doc && <Choose desk={desk} />}
      {sync && sync.error !== null && !model && (
        <Notice tone="warn"><p>{errorText(sync.error)}</p><AsText desk={desk} path={sync.path} text="" /></Notice>
      )}
      {sync && sync.error !== null && model && <Notice tone="warn"><p>{t('form.stale')}</p></Notice>}
      {sync && !model && sync.error === null && <Loading />}
      {sync && model && <Fields key={`${sync.path} ${alone ? '' : textOf(model.id)}`} desk={desk} path={sync.path} model={model} errors={errors} set={(c, now) => sync.set(c, now)} known={doc?.version !== null} />}
      {making && <NewDialog bench={desk as Workbench} onClose={() => setMaking(false)} />}
    </section>
  );
}
