/* /sign-in: name and password, on servers with accounts. Afterwards back to where one was. */
import { useEffect, useId, useState } from 'preact/hooks';
import { loadSession, Problem, signIn } from '../../api/http.ts';
import { navigate, returnPath, type PageProps } from '../../app/router.ts';
import { useTitle } from '../../parts/hooks.ts';
import { errorText, Notice } from '../../parts/states/states.tsx';
import { duration, t } from '../../texts/index.ts';

export default function SignIn({ query }: PageProps) {
  const id = useId();
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [shown, setShown] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  useTitle(t('nav.signIn'));
  const back = returnPath(query);
  /* Asked anew: what this page knows may be older than the end of the session. */
  useEffect(() => {
    loadSession().then((s) => (!s.accounts || s.account !== null) && navigate(back, true), () => {});
  }, []);

  const submit = async (e: Event): Promise<void> => {
    e.preventDefault();
    setBusy(true);
    setError(null);
    try {
      await signIn(name, password);
      navigate(back, true);
    } catch (problem) {
      setError(problem);
      setBusy(false);
    }
  };
  const wait = error instanceof Problem && error.status === 429 && error.retryAfterMs !== null ? ` ${t('signIn.wait', { time: duration(error.retryAfterMs) })}` : '';
  return (
    <form class="card stack sign-in" onSubmit={(e) => void submit(e)}>
      <h1 class="title">{t('nav.signIn')}</h1>
      {error !== null && <div role="alert"><Notice tone="bad"><p>{errorText(error)}{wait}</p></Notice></div>}
      <div class="field">
        <label for={`${id}-name`}>{t('signIn.name')}</label>
        <input id={`${id}-name`} type="text" name="username" autocomplete="username" autocapitalize="off" spellcheck={false} required maxLength={100} value={name} onInput={(e) => setName(e.currentTarget.value)} />
      </div>
      <div class="field">
        <label for={`${id}-password`}>{t('signIn.password')}</label>
        <input id={`${id}-password`} {...(shown ? { type: 'text' as const } : { type: 'password' as const })} name="password" autocomplete="current-password" required maxLength={1000} value={password} onInput={(e) => setPassword(e.currentTarget.value)} />
      </div>
      <label class="switch"><input type="checkbox" checked={shown} onChange={(e) => setShown(e.currentTarget.checked)} /><span>{t('signIn.show')}</span></label>
      <p><button type="submit" class="button button-wide" disabled={busy}>{t('nav.signIn')}</button></p>
    </form>
  );
}
