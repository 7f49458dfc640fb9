/* A hotspot: its picture, and the regions on it: drawn, or written as numbers. */
import { useRef, useState } from 'preact/hooks';
import { announce } from '../../../parts/announce/announce.tsx';
import { Icon } from '../../../parts/icon/icon.tsx';
import { t } from '../../../texts/index.ts';
import { Choose } from '../preview/look.tsx';
import { AsText } from './as-text.tsx';
import { Canvas, type Tool } from './canvas.tsx';
import { Errors, Field, Line } from './field.tsx';
import { linkTo } from './markdown.ts';
import { addressOf, resolved, useSize } from './picture.ts';
import { pictureError, putPicture } from './prose.tsx';
import { textOf, type PartProps } from './props.ts';
import { asShape, freeId, readRegions, tidy, writeRegions, type Region, type Shape, type Size } from './regions.ts';
import { Rows } from './rows.tsx';

const SHAPES: readonly Shape[] = ['rect', 'circle', 'poly'];
const TOOLS: readonly Tool[] = ['select', ...SHAPES];
const SIDES = { rect: ['left', 'top', 'right', 'bottom'], circle: ['x', 'y', 'radius'] } as const;

function PictureField({ desk, path, model, errors, set }: PartProps) {
  const picker = useRef<HTMLInputElement>(null);
  const [error, setError] = useState<string | null>(null);
  const image = textOf(model.image);
  const media = desk.tree.files.filter((f) => f.kind === 'media').map((f) => f.path);
  const current = image ? resolved(path, image) : null;
  const choose = async (file: File | undefined): Promise<void> => {
    if (!file) return;
    setError(null);
    try {
      set({ image: linkTo(path, await putPicture(file)) }, true);
    } catch (e) {
      setError(pictureError(e));
    }
  };
  return (
    <>
      <Field label={t('form.hotspot.image')} errors={errors.get('image')}>
        {(a) => (
          <span class="row">
            <select {...a} value={current ?? ''} onChange={(e) => set({ image: e.currentTarget.value ? linkTo(path, e.currentTarget.value) : null }, true)}>
              <option value="">{t('form.hotspot.noImage')}</option>
              {current && !media.includes(current) && <option value={current}>{current}</option>}
              {media.map((m) => <option key={m} value={m}>{m.replace(/^media\//, '')}</option>)}
            </select>
            <button type="button" class="button button-quiet" onClick={() => picker.current?.click()}><Icon name="upload" /> {t('form.hotspot.upload')}</button>
            <input ref={picker} type="file" accept="image/*" hidden onChange={(e) => { void choose(e.currentTarget.files?.[0]); e.currentTarget.value = ''; }} />
          </span>
        )}
      </Field>
      {error && <p class="hint hint-warn" role="alert">{error}</p>}
      <Line label={t('form.hotspot.alt')} hint={t('form.hotspot.altHint')} value={textOf(model['image-alt'])} errors={errors.get('image-alt')} onInput={(v) => set({ 'image-alt': v || null })} />
    </>
  );
}

function Numbers({ region, index, size, put }: { region: Region; index: number; size: Size | null; put: (at: number[]) => void }) {
  const whole = size ?? { width: 16384, height: 16384 };
  if (region.shape === 'poly') {
    return (
      <label class="cell-field grow">
        <span>{t('form.hotspot.points')}</span>
        <input
          type="text"
          class="is-mono"
          aria-label={t('form.hotspot.number', { name: t('form.hotspot.points'), n: index + 1 })}
          value={region.at.join(' ')}
          onChange={(e) => {
            const at = e.currentTarget.value.split(/[\s,;]+/).filter(Boolean).map(Number);
            if (at.length >= 6 && at.length % 2 === 0 && at.every(Number.isFinite)) put(tidy('poly', at, whole));
            else e.currentTarget.value = region.at.join(' ');
          }}
        />
      </label>
    );
  }
  return (
    <>
      {SIDES[region.shape].map((name, k) => (
        <label key={name} class="cell-field">
          <span>{t(`form.hotspot.side.${name}`)}</span>
          <input
            type="number"
            min={0}
            step={1}
            aria-label={t('form.hotspot.number', { name: t(`form.hotspot.side.${name}`), n: index + 1 })}
            value={region.at[k]}
            onChange={(e) => {
              const v = Number(e.currentTarget.value);
              if (e.currentTarget.value !== '' && Number.isFinite(v)) put(tidy(region.shape, region.at.map((x, i) => (i === k ? v : x)), whole));
              else e.currentTarget.value = String(region.at[k]);
            }}
          />
        </label>
      ))}
    </>
  );
}

export function Hotspot(p: PartProps) {
  const { desk, path, model, errors, set } = p;
  const [tool, setTool] = useState<Tool>('rect');
  const [selected, setSelected] = useState<number | null>(null);
  const image = textOf(model.image);
  const address = image ? addressOf(desk.tree, path, image) : null;
  const size = useSize(address);
  const text = model.regions === null || model.regions === undefined ? null : String(model.regions);
  const regions = readRegions(text);
  const put = (all: readonly Region[], now = false): void => set({ regions: all.length ? writeRegions(all) : null }, now);
  /* Labels are written as they are typed: only the region that changes is written anew. */
  const change = (i: number, more: Partial<Region>, now = false): void => put(regions!.map((r, k) => (k === i ? { ...r, ...more, line: undefined } : r)), now);
  const add = (shape: Shape, at: number[]): void => {
    const all = regions ?? [];
    put([...all, { id: freeId(all), label: '', shape, at, correct: !all.some((r) => r.correct) }], true);
    setSelected(all.length);
    setTool('select');
    announce(t('form.hotspot.added', { n: all.length + 1 }));
  };
  /* Where there is room: a little further down for each. */
  const addByKey = (shape: Shape): void => {
    const whole = size ?? { width: 100, height: 100 };
    const step = ((regions?.length ?? 0) % 4) * 0.06;
    const box = [whole.width * (0.3 + step), whole.height * (0.3 + step), whole.width * (0.55 + step), whole.height * (0.55 + step)];
    add(shape, asShape(shape, { shape: 'rect', at: tidy('rect', box, whole) }, whole));
  };

  if (!regions) return <><PictureField {...p} /><AsText desk={desk} path={path} text={text ?? ''} /><Errors problems={errors.get('regions')} /></>;
  return (
    <div class="hotspot-form">
      <PictureField {...p} />
      {image && !address && <p class="hint hint-warn">{t('form.hotspot.missing', { path: image })}</p>}
      {address && size && (
        <>
          <div class="region-bar">
            <Choose label={t('form.hotspot.tool')} value={tool} values={TOOLS} name={(v) => t(`form.hotspot.tool.${v}`)} onChange={setTool} />
          </div>
          <Canvas
            address={address}
            size={size}
            regions={regions}
            selected={selected}
            tool={tool}
            onSelect={setSelected}
            onDraw={add}
            onChange={(i, at, now) => change(i, { at }, now)}
            onRemove={(i) => {
              put(regions.filter((_, k) => k !== i), true);
              setSelected(null);
              announce(t('form.hotspot.removed', { n: i + 1 }));
            }}
          />
          <p class="hint" id="region-keys">{t('form.hotspot.keys')}</p>
        </>
      )}
      <Rows
        label={t('form.hotspot.regions')}
        values={regions}
        onChange={(v, now) => put(v, now)}
        name={(r, i) => r.label || t('form.hotspot.nth', { n: i + 1 })}
        fresh={() => ({ id: freeId(regions), label: '', shape: 'rect' as Shape, at: tidy('rect', size ? [size.width * 0.3, size.height * 0.3, size.width * 0.6, size.height * 0.6] : [0, 0, 10, 10], size ?? { width: 10, height: 10 }), correct: false })}
        add={t('form.hotspot.add')}
        row={({ value, index }) => (
          <div class={`region-row ${selected === index ? 'is-selected' : ''}`} onFocusCapture={() => setSelected(index)}>
            <div class="region-row-head">
              <span class="step-number" aria-hidden="true">{index + 1}</span>
              <input type="text" class="grow" dir="auto" aria-label={t('form.hotspot.label', { n: index + 1 })} placeholder={t('form.hotspot.labelHint')} value={value.label} onInput={(e) => change(index, { label: e.currentTarget.value })} />
              <label class="cell-check"><input type="checkbox" checked={value.correct} onChange={(e) => change(index, { correct: e.currentTarget.checked }, true)} /> {t('form.hotspot.right')}</label>
            </div>
            <div class="region-numbers">
              <label class="cell-field">
                <span>{t('form.hotspot.shape')}</span>
                <select aria-label={t('form.hotspot.number', { name: t('form.hotspot.shape'), n: index + 1 })} value={value.shape} onChange={(e) => change(index, { shape: e.currentTarget.value as Shape, at: asShape(e.currentTarget.value as Shape, value, size ?? { width: 16384, height: 16384 }) }, true)}>
                  {SHAPES.map((s) => <option key={s} value={s}>{t(`form.hotspot.tool.${s}`)}</option>)}
                </select>
              </label>
              <Numbers region={value} index={index} size={size} put={(at) => change(index, { at }, true)} />
            </div>
          </div>
        )}
      />
      <p class="row">
        {(['circle', 'poly'] as const).map((s) => <button key={s} type="button" class="button-link" onClick={() => addByKey(s)}><Icon name="plus" /> {t(`form.hotspot.add.${s}`)}</button>)}
      </p>
      <Errors problems={errors.get('regions')} />
    </div>
  );
}
