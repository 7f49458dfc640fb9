/* The verifier as one file: opened from a disk or a USB stick it does the same as /verify, and asks nobody. The server that it was saved from has put its
 * own keys into it; others can be brought. */
import { render } from 'preact';
import { chooseLanguage, onPreferences, preferences, type Language } from '../app/preferences.ts';
import { Announcer } from '../parts/announce/announce.tsx';
import { Checker } from '../parts/checker/checker.tsx';
import { useTitle } from '../parts/hooks.ts';
import { DisplayMenu } from '../parts/shell/display.tsx';
import { BrandMark, SkipLink } from '../parts/shell/shell.tsx';
import { t, useLanguage as speak } from '../texts/index.ts';
import { utf8 } from '../verify/bytes.ts';
import { isObject, parseJson } from '../verify/json.ts';
import { readTrust, type TrustedIssuer } from '../verify/keys.ts';

/* The server fills this in; a page as it was built trusts nobody. */
function builtIn(): TrustedIssuer[] {
  try {
    const value = parseJson(utf8(document.getElementById('trust')?.textContent ?? ''));
    return isObject(value) ? readTrust(value, 'built-in') : [];
  } catch {
    return []; /* broken on the way: checks then say that the key is not known */
  }
}

function Page({ known }: { known: TrustedIssuer[] }) {
  useTitle(t('verify.title'));
  return (
    <div class="frame">
      <SkipLink />
      <header class="site-head">
        <div class="site-bar">
          <span class="brand"><BrandMark /> <span>Assay</span></span>
          <div class="site-tools"><DisplayMenu /></div>
        </div>
      </header>
      <main id="main" class="page" tabIndex={-1}>
        <div class="page-narrow verify">
          <div class="page-head">
            <h1 class="title-large">{t('verify.title')}</h1>
            <p class="lead">{t('verify.lead')}</p>
          </div>
          <Checker known={known} fetch={null} />
        </div>
      </main>
      <Announcer />
    </div>
  );
}

let speaking: Language | null = null;

async function draw(known: TrustedIssuer[]): Promise<void> {
  const wanted = chooseLanguage(preferences(), navigator.languages);
  if (wanted === speaking) return;
  await speak(wanted);
  const root = document.getElementById('app')!;
  if (speaking) render(null, root);
  speaking = wanted;
  render(<Page known={known} />, root);
}

const known = builtIn();
void draw(known);
onPreferences(() => void draw(known));
