/* The bank as a tree. */
import type { Workbench } from '../workbench.ts';

export function Tree({ bench }: { bench: Workbench }) {
  return (
    <ul>
      {bench.tree.files.map((f) => (
        <li key={f.path}><button type="button" class="tree-entry" aria-current={bench.path === f.path ? 'true' : undefined} onClick={() => void bench.open(f.path)}><span class="grow">{f.path}</span></button></li>
      ))}
    </ul>
  );
}
