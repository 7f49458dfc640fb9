/* /reports: the authors' queue. Without a question the list; with ?bank=…&item=… one question with its key, reports, figures and history. */
import type { PageProps } from '../../app/router.ts';
import { Detail } from './detail.tsx';
import { List } from './list.tsx';

export default function ReportsPage({ query }: PageProps) {
  const bank = query.get('bank');
  const item = query.get('item');
  return bank && item ? <Detail key={`${bank}/${item}`} bank={bank} item={item} /> : <List state={query.get('state')} bank={bank} owner={query.get('owner')} />;
}
