/* Scanning a QR code with the camera. The server lets only the document of /verify use it, so who came here from another page of ours has it loaded anew
 * first. Without a camera, or without leave, other ways are named. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { Dialog } from '../../parts/dialog/dialog.tsx';
import { Icon } from '../../parts/icon/icon.tsx';
import { t } from '../../texts/index.ts';

const LOOK_MS = 200;
const SCAN_HASH = '#scan';

/* Whether this document was loaded at this address, and not at another page's. */
function loadedHere(): boolean {
  const [entry] = performance.getEntriesByType('navigation');
  return !entry || new URL(entry.name).pathname.replace(/\/+$/, '') === '/verify';
}

type Trouble = 'scan.none' | 'scan.refused';

function Camera({ onText, onTrouble }: { onText: (text: string) => void; onTrouble: (why: Trouble) => void }) {
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    let stream: MediaStream | null = null;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let ended = false;
    const stop = (): void => {
      ended = true;
      clearTimeout(timer);
      for (const track of stream?.getTracks() ?? []) track.stop();
    };
    const start = async (): Promise<void> => {
      if (!navigator.mediaDevices?.getUserMedia) return onTrouble('scan.none');
      const { codeIn, grab } = await import('./qr.ts');
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment', width: { ideal: 1280 } }, audio: false });
      const v = video.current;
      if (ended || !v) return stop();
      v.srcObject = stream;
      await v.play();
      const look = (): void => {
        const image = grab(v, v.videoWidth, v.videoHeight);
        const text = image && codeIn(image);
        if (text) {
          stop();
          onText(text);
        } else if (!ended) timer = setTimeout(look, LOOK_MS);
      };
      look();
    };
    start().catch((e: unknown) => {
      stop();
      onTrouble(e instanceof DOMException && (e.name === 'NotAllowedError' || e.name === 'SecurityError') ? 'scan.refused' : 'scan.none');
    });
    return stop;
  }, []);
  return <video ref={video} class="scan-video" playsInline muted aria-label={t('scan.video')} />;
}

export function Scanner({ onText }: { onText: (text: string) => void }) {
  const [open, setOpen] = useState(() => location.hash === SCAN_HASH);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  useEffect(() => {
    if (location.hash === SCAN_HASH) history.replaceState(null, '', location.pathname);
  }, []);
  const start = (): void => {
    if (!loadedHere()) {
      history.replaceState(null, '', `/verify${SCAN_HASH}`);
      location.reload();
      return;
    }
    setTrouble(null);
    setOpen(true);
  };
  const found = (text: string): void => {
    setOpen(false);
    onText(text);
  };
  return (
    <>
      <button type="button" class="button button-quiet" onClick={start}><Icon name="eye" /> {t('scan.start')}</button>
      {open && (
        <Dialog title={t('scan.title')} onClose={() => setOpen(false)}>
          {trouble ? <p role="alert">{t(trouble)}</p> : (
            <>
              <p>{t('scan.text')}</p>
              <Camera onText={found} onTrouble={setTrouble} />
            </>
          )}
        </Dialog>
      )}
    </>
  );
}
