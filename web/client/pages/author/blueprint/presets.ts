/* A shipped exam format, fitted to the author's bank: it becomes an exam of theirs, its areas become their domains. Loaded when somebody asks for
 * one. */
import { presets } from 'assay:presets';
import { type Read, set, Yaml } from './yaml-edit.ts';

export { presets };
export type Preset = (typeof presets)[number];

interface Bank { domains: { id: string }[]; exams: { id: string }[] }

/* Gives the format's areas the bank's domains, one after the other; without enough of them, or too many, weights are the author's to set. */
function fitDomains(text: string, domains: { id: string }[]): string {
  const weights = new Yaml(text).read(['domains']);
  if (!weights || typeof weights !== 'object' || Array.isArray(weights)) return text;
  const areas = Object.keys(weights);
  const named = new Map(areas.map((a, i) => [a, domains[i]?.id]));
  const fits = areas.length === domains.length;
  let out = set(text, ['domains'], fits ? Object.fromEntries(areas.map((a) => [named.get(a)!, weights[a] as string])) : undefined);
  const sections = new Yaml(out).read(['sections']);
  if (!Array.isArray(sections)) return out;
  sections.forEach((s: Read, i: number) => {
    const own = typeof s === 'object' && !Array.isArray(s) ? s.domains : undefined;
    if (Array.isArray(own)) out = set(out, ['sections', i, 'domains'], fits ? own.map((d) => named.get(String(d)) ?? String(d)) : undefined);
  });
  return out;
}

/* Pure. `title`: what the exam is called by now. */
export function fitted(preset: Preset, bank: Bank, exam: { id: string; title: string }): string {
  let out = preset.text;
  out = set(out, ['id'], exam.id);
  out = set(out, ['title'], exam.title);
  out = set(out, ['description'], undefined);
  out = set(out, ['kind'], undefined);
  out = fitDomains(out, bank.domains);
  const renewal = new Yaml(out).read(['certificate', 'renew', 'exam']);
  if (renewal !== undefined && !bank.exams.some((e) => e.id === renewal)) out = set(out, ['certificate', 'renew'], undefined);
  return out;
}
