/* How many files were changed in the editor and not saved, per attempt: told by the workplaces, asked by the page that ends the exam. */

const counts = new Map<string, number>();

export function tellUnsaved(attempt: string, item: string, n: number): void {
  if (n) counts.set(`${attempt} ${item}`, n);
  else counts.delete(`${attempt} ${item}`);
}

export function unsavedFiles(attempt: string): number {
  let sum = 0;
  for (const [key, n] of counts) if (key.startsWith(`${attempt} `)) sum += n;
  return sum;
}
