/* Words for kappas: those of Landis and Koch (1977), which are a habit and no law. Pure. */
export type Word = 'agree.word.none' | 'agree.word.slight' | 'agree.word.fair' | 'agree.word.moderate' | 'agree.word.substantial' | 'agree.word.perfect';

export function wordFor(kappa: number): Word {
  if (kappa < 0) return 'agree.word.none';
  if (kappa <= 0.2) return 'agree.word.slight';
  if (kappa <= 0.4) return 'agree.word.fair';
  if (kappa <= 0.6) return 'agree.word.moderate';
  return kappa <= 0.8 ? 'agree.word.substantial' : 'agree.word.perfect';
}

/* How dark a cell of the table is: 0 for none, 1 to 4 by its share of the largest. */
export function shade(n: number, largest: number): 0 | 1 | 2 | 3 | 4 {
  return n <= 0 || largest <= 0 ? 0 : (Math.min(4, Math.max(1, Math.ceil((4 * n) / largest))) as 1 | 2 | 3 | 4);
}
