/* The kinds of question as small pictures. */
import type { QuestionKind } from '../tree/templates.ts';

const PATHS: Record<QuestionKind, string> = {
  single: 'M10 12a4 4 0 1 1 0 .01M8.500 12a1.500 1.500 0 1 1 0 .01M20 12h22M6 26a4 4 0 1 1 0 .01M20 26h18M6 40a4 4 0 1 1 0 .01M20 40h22',
  multiple: 'M6 8h8v8H6zM8 12l2 2 3-4M20 12h22M6 22h8v8H6zM20 26h18M6 36h8v8H6zM8 40l2 2 3-4M20 40h22',
  'true-false': 'M6 20h15v13H6zM9 26l3 3 5-6M27 20h15v13H27zM31 23l7 7M38 23l-7 7',
  ordering: 'M9 8v8M7 9l2-1M18 12h24M7 23c4-3 6 1 0 7h5M18 26h24M7 37c6-1 6 3 2 3 4 0 4 5-2 4M18 40h24',
  matching: 'M5 8h12v9H5zM31 8h12v9H31zM5 31h12v9H5zM31 31h12v9H31zM17 12.500 31 35.500M17 35.500 31 12.500',
  grid: 'M5 8h38v32H5zM5 18.700h38M5 29.300h38M23 8v32M33 8v32M26 23l2 2 3-3M36 34l2 2 3-3',
  numeric: 'M5 14h38v20H5zM12 20v8M10 21l2-1M19 21c4-3 6 1 0 7h5M30 24h7M33.500 20.500v7',
  text: 'M5 14h38v20H5zM11 20v8M17 28h16',
  cloze: 'M5 12h38M5 24h8M17 19h14v10H17zM35 24h8M5 36h24',
  hotspot: 'M5 8h38v32H5zM5 33l11-10 8 7 7-8 12 12M32 17a3 3 0 1 1 0 .01M32 10v4m0 6v4M25 17h4m6 0h4',
  essay: 'M8 6h32v36H8zM14 14h20M14 21h20M14 28h20M14 35h11',
  parametrised: 'M8 8h32v32H8zM16 16a1.500 1.500 0 1 1 0 .01M32 16a1.500 1.500 0 1 1 0 .01M24 24a1.500 1.500 0 1 1 0 .01M16 32a1.500 1.500 0 1 1 0 .01M32 32a1.500 1.500 0 1 1 0 .01',
};

export function KindPicture({ kind }: { kind: QuestionKind }) {
  return <svg class="kind-picture" viewBox="0 0 48 48" aria-hidden="true" focusable="false"><path d={PATHS[kind]} /></svg>;
}
