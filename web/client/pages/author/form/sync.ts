/* A form and an editor on the same text. The form has the fields (model); what somebody changes in them goes into the text a moment later,
 * through the server, which writes nothing but what changed. When the text changes in another way, the fields are read again; what is being
 * typed and is not in the text yet stays. No DOM. */
import type { AuthorModel, AuthorPlace } from '../../../api/author-types.ts';

export interface Parsed { model: AuthorModel; range: { line: number; end_line: number }; places: AuthorPlace[] }
export interface FormApi {
  parse(path: string, text: string, item: string | null, kind: string | null): Promise<Parsed>;
  write(path: string, text: string, item: string | null, kind: string | null, change: Partial<AuthorModel>): Promise<{ text: string }>;
}
/* The part of the desk that a form needs. */
export interface Paper { readonly doc: { readonly path: string; readonly text: string } | null; edit(text: string): void }

const QUIET_MS = 300;
const PLACES_MS = 700;

export class FormSync {
  model: AuthorModel | null = null;
  range: Parsed['range'] | null = null;
  places: AuthorPlace[] = [];
  error: unknown = null; /* the text cannot be read as a form */
  refused: unknown = null; /* the last change could not be written */
  private waiting: Partial<AuthorModel> = {};
  private modelText: string | null = null; /* the text that the fields are those of */
  private kind: string | null = null; /* what the question is in that text */
  private timer: ReturnType<typeof setTimeout> | undefined;
  private placesTimer: ReturnType<typeof setTimeout> | undefined;
  private writing: Promise<void> | null = null;

  constructor(
    private readonly paper: Paper,
    private readonly api: FormApi,
    readonly path: string,
    public item: string | null, /* null: the file's only question */
    private readonly changed: () => void,
  ) {}

  private get text(): string | null {
    return this.paper.doc?.path === this.path ? this.paper.doc.text : null;
  }
  get isWaiting(): boolean {
    return this.writing !== null || Object.keys(this.waiting).length > 0;
  }

  /* The text may be another than before: reads what has to be read. */
  async take(): Promise<void> {
    const text = this.text;
    if (text === null || this.writing) return; /* after writing it is called again */
    if (text === this.modelText) {
      clearTimeout(this.placesTimer);
      this.placesTimer = setTimeout(() => void this.readPlaces(), PLACES_MS);
      return;
    }
    try {
      const got = await this.api.parse(this.path, text, this.item, this.kind);
      if (this.text !== text || this.writing) return;
      this.modelText = text;
      this.kind = got.model.type;
      this.model = { ...got.model, ...this.waiting };
      this.range = got.range;
      this.places = got.places;
      this.error = null;
    } catch (e) {
      if (this.text !== text) return;
      this.error = e;
    }
    this.changed();
  }

  private async readPlaces(): Promise<void> {
    const text = this.text;
    if (text === null || text !== this.modelText) return;
    const got = await this.api.parse(this.path, text, this.item, this.kind).catch(() => null);
    if (!got || this.text !== text) return;
    this.range = got.range;
    this.places = got.places;
    this.changed();
  }

  /* Fields as somebody has just changed them; `now`: by a button, so there is nothing to wait for. */
  set(change: Partial<AuthorModel>, now = false): void {
    if (!this.model) return;
    this.model = { ...this.model, ...change };
    Object.assign(this.waiting, change);
    this.refused = null;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.flush(), now ? 0 : QUIET_MS);
    this.changed();
  }

  /* Everything that was typed is in the text when this is done. */
  flush(): Promise<void> {
    clearTimeout(this.timer);
    this.writing ??= this.write().finally(() => {
      this.writing = null;
      this.changed();
      void this.take();
    });
    return this.writing;
  }

  private async write(): Promise<void> {
    while (Object.keys(this.waiting).length) {
      const text = this.text;
      const sent = this.waiting;
      if (text === null) return;
      this.waiting = {};
      let written: string;
      try {
        written = (await this.api.write(this.path, text, this.item, this.kind, sent)).text;
      } catch (e) {
        this.waiting = { ...sent, ...this.waiting };
        this.refused = e;
        return;
      }
      if (this.text !== text) {
        this.waiting = { ...sent, ...this.waiting }; /* somebody typed in the editor meanwhile: once more, into that text */
        continue;
      }
      this.kind = sent.type ?? this.kind;
      if (this.item !== null && sent.id) this.item = sent.id;
      /* The fields stand for the new text only if they stood for the old one; its line ends are those of the file. */
      const read = this.modelText === text;
      if (written !== text) this.paper.edit(written);
      if (read) this.modelText = this.text;
    }
  }

  stop(): void {
    clearTimeout(this.placesTimer);
    if (Object.keys(this.waiting).length) void this.flush();
  }
}
