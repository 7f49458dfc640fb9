/* /attempts/ID: opens the attempt and shows what it is: a running exam, a study session, a break, or that it is somewhere else now. */
import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { navigate, type PageProps } from '../../app/router.ts';
import { useSession } from '../../attempt/registry.ts';
import type { AttemptSession } from '../../attempt/session.ts';
import { Exam } from '../exam/exam.tsx';
import { Break } from './break.tsx';
import { Gate } from './gate.tsx';

type View = ComponentType<{ session: AttemptSession }>;

/* Study sessions are a page of their own and loaded only for one. */
function Study({ session }: { session: AttemptSession }) {
  const [page, setPage] = useState<{ View: View } | null>(null);
  useEffect(() => {
    void import('../study-session/study-session.tsx').then((m) => setPage({ View: m.StudySession }));
  }, []);
  return page && <page.View session={session} />;
}

export default function AttemptPage({ params }: PageProps) {
  const id = params[0]!;
  const session = useSession(id);
  useEffect(() => {
    if (session.phase === 'ended') navigate(`/attempts/${id}/result${session.tooLate ? `?late=${session.tooLate}` : ''}`, true);
  }, [session.phase]);
  return (
    <Gate session={session}>
      {() => {
        if (session.attempt?.mode === 'study') return <Study session={session} />;
        return session.attempt?.state === 'on-break' ? <Break session={session} /> : <Exam session={session} />;
      }}
    </Gate>
  );
}
