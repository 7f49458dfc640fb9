/* A task's folder: which files there are, which of them are ways to do it, and what new ones begin with. Pure but for add(). */
import * as calls from '../../../api/author.ts';
import type * as T from '../../../api/author-types.ts';
import { followJob } from './bench.ts';

export interface Part { name: string; path: string; version: string | null }

export const slugOf = (path: string): string | null => /^tasks\/([^/]+)\/./.exec(path)?.[1] ?? null;

/* The files of a task, by their names in its folder. */
export function parts(tree: T.AuthorTree, slug: string): Part[] {
  const folder = `tasks/${slug}/`;
  return tree.files.filter((f) => f.path.startsWith(folder)).map((f) => ({ name: f.path.slice(folder.length), path: f.path, version: f.version }));
}

/* A box is made of these; scripts of variants and the grader are read anew each time. */
export const isSetUpFrom = (name: string): boolean => name === 'task.md' || name === 'setup.sh' || name.startsWith('files/');

/* "solution", "alt/WAY", "wrong/WHY": those with a run.sh. */
export function variants(tree: T.AuthorTree, slug: string): string[] {
  const rank = (v: string): number => (v === 'solution' ? 0 : v.startsWith('alt/') ? 1 : 2);
  return parts(tree, slug)
    .flatMap((p) => /^(solution|(?:alt|wrong)\/[a-z0-9-]+)\/run\.sh$/.exec(p.name)?.[1] ?? [])
    .sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
}

/* An id from whatever somebody typed. */
export const idFrom = (text: string): string => text.trim().toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 64);

export type NewKind = 'wrong' | 'alt' | 'setup' | 'file';

const SHELL = '#!/bin/sh\n';
/* The files of a new part: [name in the folder, text]. `fails`: which checks a wrong way must fail; `solution`: the script to begin with. */
export function newParts(kind: NewKind, name: string, { fails = [], solution = null }: { fails?: readonly string[]; solution?: string | null } = {}): [string, string][] {
  const script = solution ?? `${SHELL}set -e\n`;
  if (kind === 'wrong') return [[`wrong/${name}/expect.yml`, `fails: [${fails.join(', ')}]\n`], [`wrong/${name}/run.sh`, script]];
  if (kind === 'alt') return [[`alt/${name}/run.sh`, script]];
  if (kind === 'setup') return [['setup.sh', `${SHELL}# Runs as root in the fresh box, after files/ was copied to /.\nset -e\n`]];
  return [[`files/${name.replace(/^\/+/, '')}`, '']];
}

/* Writes the files of a new part; returns the path to open. */
export async function add(tree: T.AuthorTree, slug: string, kind: NewKind, name: string, fails: readonly string[]): Promise<string> {
  const folder = `tasks/${slug}/`;
  const there = tree.files.some((f) => f.path === `${folder}solution/run.sh`);
  const solution = (kind === 'wrong' || kind === 'alt') && there ? (await calls.read(`${folder}solution/run.sh`)).text : null;
  let last = '';
  for (const [part, text] of newParts(kind, name, { fails, solution })) {
    last = folder + part;
    await calls.write(last, text, null);
  }
  return last;
}

/* A new task from the template, which works as it is; returns the path to open. */
export async function newTask(slug: string): Promise<string> {
  const { job } = await calls.newTask(slug);
  const ended = await followJob(job, () => {});
  if (ended.state !== 'done') throw new Error(ended.says.join('\n'));
  return `tasks/${slug}/task.md`;
}
