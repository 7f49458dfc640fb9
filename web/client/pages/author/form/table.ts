/* Markdown tables as cells, and back: the statements of a grid, the rubric of an essay. Null for what is no plain table. Pure. */

export interface Table { head: string[]; rows: string[][] }

function cells(line: string): string[] {
  const s = line.trim().replace(/^\|/, '').replace(/(^|[^\\])\|$/, '$1');
  const out: string[] = [];
  let cell = '';
  for (let i = 0; i < s.length; i++) {
    if (s[i] === '\\' && i + 1 < s.length) cell += s[i]! + s[++i]!;
    else if (s[i] === '|') {
      out.push(cell.trim());
      cell = '';
    } else cell += s[i];
  }
  out.push(cell.trim());
  return out.map((c) => c.replace(/\\\|/g, '|'));
}

export function readTable(text: string): Table | null {
  const lines = text.split('\n').filter((l) => l.trim() !== '');
  if (lines.length < 2 || !lines.every((l) => l.trim().startsWith('|'))) return null;
  const head = cells(lines[0]!);
  if (!cells(lines[1]!).every((c) => /^:?-+:?$/.test(c))) return null;
  const rows = lines.slice(2).map(cells);
  if (rows.some((r) => r.length > head.length)) return null;
  return { head, rows: rows.map((r) => [...r, ...Array<string>(head.length - r.length).fill('')]) };
}

const escaped = (cell: string): string => cell.trim().replace(/\s*\n\s*/g, ' ').replace(/\|/g, '\\|');
const line = (row: string[]): string => `|${row.map((c) => (escaped(c) ? ` ${escaped(c)} ` : ' ')).join('|')}|`;

export function writeTable(t: Table): string {
  return [line(t.head), `|${t.head.map(() => '---|').join('')}`, ...t.rows.map(line)].join('\n');
}

/* ---- a grid: statements, columns, and one column for each statement ---- */

export interface GridModel { corner: string; columns: string[]; rows: { text: string; right: number }[] }

export function readGrid(text: string): GridModel | null {
  const t = readTable(text);
  if (!t || t.head.length < 2) return null;
  const rows = t.rows.map((r) => ({ text: r[0]!, marks: r.slice(1).map((c, i) => (/^x$/i.test(c) ? i : c === '' ? -1 : -2)) }));
  /* Something else than an x, or two of them, has no field. */
  if (rows.some((r) => r.marks.includes(-2) || r.marks.filter((m) => m >= 0).length > 1)) return null;
  return { corner: t.head[0]!, columns: t.head.slice(1), rows: rows.map((r) => ({ text: r.text, right: r.marks.findIndex((m) => m >= 0) })) };
}

export function writeGrid(g: GridModel): string {
  return writeTable({ head: [g.corner, ...g.columns], rows: g.rows.map((r) => [r.text, ...g.columns.map((_, i) => (i === r.right ? 'x' : ''))]) });
}

export function withoutColumn(g: GridModel, at: number): GridModel {
  return { ...g, columns: g.columns.filter((_, i) => i !== at), rows: g.rows.map((r) => ({ ...r, right: r.right === at ? -1 : r.right > at ? r.right - 1 : r.right })) };
}
