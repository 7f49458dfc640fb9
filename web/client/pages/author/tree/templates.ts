/* What new files and questions begin with: complete, right, and short, so that who never saw the format sees all of it at once, and the checker has
 * nothing to say. Words to replace come from the page's texts; headings and fields are the format's. Pure, but for the words. */
import { t } from '../../../texts/index.ts';
import { KINDS, type FormKind } from '../form/kinds.ts';

/* The kinds of the form, and one whose numbers are drawn. */
export type QuestionKind = FormKind | 'parametrised';
export const QUESTION_KINDS: readonly QuestionKind[] = [...KINDS, 'parametrised'];
export interface NewQuestion { kind: QuestionKind; id: string; title: string; objective: string | null; picture?: string | null } /* picture: of a hotspot, as a link */

/* Lower case, a-z, 0-9 and "-", as ids are. */
export function slug(text: string): string {
  const plain = text.normalize('NFKD').replace(/ß/g, 'ss').replace(/[\u0300-\u036f]/g, '').toLowerCase();
  return plain.replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 64).replace(/-+$/, '');
}

/* Like `id`, and not taken. */
export function freeId(id: string, taken: ReadonlySet<string>): string {
  let free = id || 'question';
  for (let n = 2; taken.has(free); n++) free = `${(id || 'question').slice(0, 60)}-${n}`;
  return free;
}

const option = (right: boolean, text: string, why?: string): string => `- [${right ? 'x' : ' '}] ${text}${why ? `\n  > ${why}` : ''}`;

/* Of example-picture.ts. */
const regions = (picture: string): string[] => [
  `image: ${picture}`,
  `image-alt: ${JSON.stringify(t('form.example.alt'))}`,
  'regions:',
  `  - {id: area-1, label: ${JSON.stringify(t('form.example.areaA'))}, shape: rect, at: [40, 60, 200, 180], correct: true}`,
  `  - {id: area-2, label: ${JSON.stringify(t('form.example.areaB'))}, shape: rect, at: [280, 60, 440, 180]}`,
];

function answerPart({ kind, picture }: NewQuestion): { fields: string[]; stem: string; answers: string } {
  const ask = t('author.new.ask');
  const options = [option(true, t('author.new.right'), t('author.new.whyRight')), option(false, t('author.new.wrong'), t('author.new.whyWrong')), option(false, t('author.new.wrongToo'))];
  switch (kind) {
    case 'single':
      return { fields: [], stem: ask, answers: options.join('\n') };
    case 'multiple':
      return { fields: [], stem: t('author.new.askTwo'), answers: [options[0], option(true, t('author.new.rightToo')), ...options.slice(1)].join('\n') };
    case 'true-false':
      return { fields: ['type: true-false'], stem: t('author.new.claim'), answers: [option(true, 'True', t('author.new.whyRight')), option(false, 'False', t('author.new.whyWrong'))].join('\n') };
    case 'numeric':
      return { fields: [], stem: t('author.new.askNumber'), answers: '= 60 min' };
    case 'text':
      return { fields: ['ignore-case: true'], stem: t('author.new.askWord'), answers: `= ${t('author.new.answer')}` };
    case 'matching':
      return { fields: [], stem: t('author.new.askMatch'), answers: [1, 2, 3].map((n) => `- ${t('author.new.left')} ${n} => ${t('author.new.rightSide')} ${n}`).join('\n') };
    case 'ordering':
      return { fields: ['type: ordering'], stem: t('author.new.askOrder'), answers: [1, 2, 3].map((n) => `${n}. ${t('author.new.step')} ${n}`).join('\n') };
    case 'grid':
      return {
        fields: [], stem: t('author.new.askGrid'),
        answers: `| ${t('author.new.statement')} | ${t('author.new.yes')} | ${t('author.new.no')} |\n|---|---|---|\n| ${t('author.new.statement')} 1 | x | |\n| ${t('author.new.statement')} 2 | | x |`,
      };
    case 'cloze':
      return { fields: ['type: cloze'], stem: t('author.new.cloze'), answers: '' };
    case 'hotspot':
      return { fields: ['type: hotspot', ...(picture ? regions(picture) : [])], stem: t('author.new.askPlace'), answers: '' };
    case 'essay':
      return { fields: ['type: essay'], stem: t('author.new.askEssay'), answers: '' };
    case 'parametrised':
      return { fields: [], stem: `\`\`\`lua params\nlocal a, b = rand(2, 9), rand(2, 9)\nreturn { a = a, b = b, product = a * b }\n\`\`\`\n${t('author.new.askDrawn')}`, answers: '= @{product}' };
  }
}

/* A question below `## Title {#id}`, for a file with several. */
export function questionText(wanted: NewQuestion): string {
  const { kind, id, title, objective } = wanted;
  const q = answerPart(wanted);
  const fields = [...(objective ? [`objective: ${objective}`] : []), ...q.fields];
  const own = fields.length ? `\`\`\`yaml item\n${fields.join('\n')}\n\`\`\`\n` : '';
  return `## ${title} {#${id}}\n${own}${body(q, kind)}`;
}

/* A question as a file of its own. */
export function questionFile(wanted: NewQuestion): string {
  const { kind, id, title, objective } = wanted;
  const q = answerPart(wanted);
  const fields = [`id: ${id}`, ...(objective ? [`objective: ${objective}`] : []), ...q.fields];
  return `---\n${fields.join('\n')}\n---\n# ${title}\n\n${body(q, kind)}`;
}

function body(q: { stem: string; answers: string }, kind: QuestionKind): string {
  const rubric = kind === 'essay' ? `### Rubric\n| Criterion | Points | Full marks when |\n|---|---|---|\n| ${t('author.new.criterion')} | 2 | ${t('author.new.fullMarks')} |\n\n` : '';
  return `${[q.stem, q.answers].filter(Boolean).join('\n\n')}\n\n${rubric}### Explanation\n${t('author.new.explanation')}\n\n### References\n- ${t('author.new.reference')}\n`;
}

const quoted = (text: string): string => (/^[\p{L}\p{N}][^:#\n"'\\]*$/u.test(text) && !/^[\d.]+$/.test(text) ? text : JSON.stringify(text));

export const examText = (id: string, title: string, items: number): string =>
  `id: ${id}\ntitle: ${quoted(title)}\nitems: ${items}\nduration: ${Math.max(10, items * 2)}m\nmodes: [exam, study]\nscoring: {method: percent, cut: 70}\nreport: {show: questions, explanations: true}\n`;
export const caseText = (title: string): string => `# ${title}\n\n${t('author.new.caseText')}\n`;
export const docText = (title: string): string => `# ${title}\n\n${t('author.new.docText')}\n`;
export const manifestText = (id: string, title: string): string => `id: ${id}\ntitle: ${quoted(title)}\nversion: 0.1.0\ndomains:\n  general: General\n`;
