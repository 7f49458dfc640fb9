/* Which colouring a file gets in the editor, by its name or its first line. Each is a small module of its own, loaded when it is first needed. */
import type { StreamParser } from '@codemirror/language';

type Loader = () => Promise<StreamParser<unknown>>;
const as = (p: unknown): StreamParser<unknown> => p as StreamParser<unknown>;

const LOADERS = {
  shell: () => import('@codemirror/legacy-modes/mode/shell').then((m) => as(m.shell)),
  python: () => import('@codemirror/legacy-modes/mode/python').then((m) => as(m.python)),
  yaml: () => import('@codemirror/legacy-modes/mode/yaml').then((m) => as(m.yaml)),
  toml: () => import('@codemirror/legacy-modes/mode/toml').then((m) => as(m.toml)),
  ini: () => import('@codemirror/legacy-modes/mode/properties').then((m) => as(m.properties)),
  nginx: () => import('@codemirror/legacy-modes/mode/nginx').then((m) => as(m.nginx)),
  sql: () => import('@codemirror/legacy-modes/mode/sql').then((m) => as(m.sqlite)),
  lua: () => import('@codemirror/legacy-modes/mode/lua').then((m) => as(m.lua)),
  perl: () => import('@codemirror/legacy-modes/mode/perl').then((m) => as(m.perl)),
  c: () => import('@codemirror/legacy-modes/mode/clike').then((m) => as(m.c)),
  javascript: () => import('@codemirror/legacy-modes/mode/javascript').then((m) => as(m.javascript)),
  json: () => import('@codemirror/legacy-modes/mode/javascript').then((m) => as(m.json)),
  xml: () => import('@codemirror/legacy-modes/mode/xml').then((m) => as(m.xml)),
  css: () => import('@codemirror/legacy-modes/mode/css').then((m) => as(m.css)),
  diff: () => import('@codemirror/legacy-modes/mode/diff').then((m) => as(m.diff)),
  docker: () => import('@codemirror/legacy-modes/mode/dockerfile').then((m) => as(m.dockerFile)),
} satisfies Record<string, Loader>;

export type LanguageName = keyof typeof LOADERS;

const ENDINGS: Record<string, LanguageName> = {
  sh: 'shell', bash: 'shell', bashrc: 'shell', profile: 'shell', bash_profile: 'shell', zsh: 'shell', py: 'python', yml: 'yaml', yaml: 'yaml', toml: 'toml', ini: 'ini', cfg: 'ini',
  conf: 'ini', service: 'ini', timer: 'ini', socket: 'ini', properties: 'ini', gitconfig: 'ini', sql: 'sql', lua: 'lua', pl: 'perl', pm: 'perl', c: 'c', h: 'c', js: 'javascript',
  mjs: 'javascript', ts: 'javascript', json: 'json', xml: 'xml', svg: 'xml', html: 'xml', css: 'css', diff: 'diff', patch: 'diff', dockerfile: 'docker',
};

/* Pure. */
export function languageOf(path: string, text: string): LanguageName | null {
  if (/\/nginx\//.test(path) || /nginx[^/]*\.conf$/.test(path)) return 'nginx';
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
  const ending = ENDINGS[name.slice(name.lastIndexOf('.') + 1)];
  if (ending) return ending;
  const first = /^#!\s*\S*?(?:\/env\s+)?(?:\S*\/)?(sh|bash|dash|python|perl|lua)[\d.]*\s*$/m.exec(text.slice(0, 200).split('\n', 1)[0] ?? '');
  switch (first?.[1]) {
    case 'sh':
    case 'bash':
    case 'dash':
      return 'shell';
    case 'python':
    case 'perl':
    case 'lua':
      return first[1];
    default:
      return null;
  }
}

export const loadLanguage = (name: LanguageName): Promise<StreamParser<unknown>> => LOADERS[name]();
