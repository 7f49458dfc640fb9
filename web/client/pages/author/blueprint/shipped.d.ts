/* What presets.mjs puts together when the pages are built. */
declare module 'assay:presets' {
  export const presets: readonly { id: string; title: string; note: string; text: string }[];
}
