/* Icons: strokes of one weight on a 24 by 24 grid. Always beside words or inside a control that has a name. */

const PATHS = {
  flag: 'M6 21V4m0 1h11l-2.5 4L17 13H6',
  check: 'm5 12.5 4.5 4.5L19 7.5',
  cross: 'M6 6l12 12M18 6 6 18',
  half: 'M5 12h14',
  lock: 'M7 11V8a5 5 0 0 1 10 0v3M6 11h12v9H6z',
  strike: 'M4 12h16M8 7.5C8 5.6 9.8 4.5 12 4.5s4 1 4 3M8 16.5c0 1.900 1.800 3 4 3s4-1.100 4-3c0-.6-.1-1-.4-1.500',
  note: 'M5 4h14v11l-5 5H5zM14 20v-5h5M8.500 8.500h7M8.500 12h4',
  pen: 'm4 20 1-4L16.500 4.500l3 3L8 19zM14.500 6.500l3 3',
  book: 'M12 6.500C10 5 7 4.500 4 5v13.500c3-.5 6 0 8 1.500 2-1.500 5-2 8-1.500V5c-3-.5-6 0-8 1.500zM12 6.500V20',
  help: 'M9 9.500a3 3 0 1 1 4.500 2.600c-1 .6-1.500 1.200-1.500 2.400M12 18v.2',
  clock: 'M12 3.500a8.500 8.500 0 1 0 0 17 8.500 8.500 0 0 0 0-17zM12 7.500V12l3 2',
  eye: 'M2.500 12S6 5.500 12 5.500 21.500 12 21.500 12 18 18.500 12 18.500 2.500 12 2.500 12zM12 9.500a2.500 2.500 0 1 0 0 5 2.500 2.500 0 0 0 0-5z',
  sliders: 'M4 7h9m5 0h2M4 17h3m5 0h8M15.500 4.500v5M9.500 14.500v5',
  up: 'm6 14.500 6-6 6 6',
  down: 'm6 9.500 6 6 6-6',
  next: 'm9.500 6 6 6-6 6',
  back: 'm14.500 6-6 6 6 6',
  again: 'M19 5v5h-5M18.500 10A7.500 7.500 0 1 0 19.500 13.500',
  grid: 'M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h6v6h-6z',
  warn: 'M12 4 2.800 20h18.400zM12 10v4.500M12 17.200v.2',
  cloud: 'M4 4l16 16M8.500 18.500H7a4 4 0 0 1-.6-7.900M9.500 6.600A5.500 5.500 0 0 1 17 11a3.800 3.800 0 0 1 2.600 6.200',
  zoom: 'M10.500 4a6.500 6.500 0 1 0 0 13 6.500 6.500 0 0 0 0-13zM15.500 15.500 20 20M10.500 7.500v6M7.500 10.500h6',
  person: 'M12 4.500a3.500 3.500 0 1 0 0 7 3.500 3.500 0 0 0 0-7zM5 20c.5-4 3.300-6 7-6s6.500 2 7 6',
  drag: 'M9 6h.01M15 6h.01M9 12h.01M15 12h.01M9 18h.01M15 18h.01',
  target: 'M12 5.500a6.500 6.500 0 1 0 0 13 6.500 6.500 0 0 0 0-13zM12 2.500v6m0 7v6M2.500 12h6m7 0h6',
  download: 'M12 4v11m-4.500-4 4.500 4.500L16.500 11M5 20h14',
  scale: 'M12 4v16M7 20h10M5 7.500h14M5 7.500 2.500 14h5zM19 7.500 16.500 14h5z',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, class: more }: { name: IconName; class?: string }) {
  return (
    <svg class={`icon icon-${name} ${more ?? ''}`} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
