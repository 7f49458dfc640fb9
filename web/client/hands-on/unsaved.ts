/* How many files were changed in the editor and not saved, per attempt: told by the workplaces, asked by the page that ends the exam. While there are
 * any, closing the page of the attempt is warned about, also when another question is shown. */

const counts = new Map<string, number>();
const ATTEMPT = /^\/attempts\/[^/]+(\/review)?$/; /* on the result's page it is too late to save */

function warn(e: BeforeUnloadEvent): void {
  if (ATTEMPT.test(location.pathname)) e.preventDefault();
}

export function tellUnsaved(attempt: string, item: string, n: number): void {
  if (n) counts.set(`${attempt} ${item}`, n);
  else counts.delete(`${attempt} ${item}`);
  if (counts.size) window.addEventListener('beforeunload', warn);
  else window.removeEventListener('beforeunload', warn);
}

export function unsavedFiles(attempt: string): number {
  let sum = 0;
  for (const [key, n] of counts) if (key.startsWith(`${attempt} `)) sum += n;
  return sum;
}
