/* Types of what comes without them. */

declare module 'assay:contexts' {
  const contexts: Record<string, object>;
  export default contexts;
}

declare module 'jsonld' {
  interface Options {
    documentLoader: (address: string) => Promise<{ contextUrl: null; documentUrl: string; document: object }>;
    safe: boolean;
    base?: string | null;
    produceGeneralizedRdf: false;
  }
  const jsonld: { toRDF(document: object, options: Options): Promise<object[]> };
  export default jsonld;
}

declare module 'rdf-canonize' {
  interface Options {
    algorithm: 'RDFC-1.0';
    createMessageDigest: () => { update(text: string): void; digest(): string };
    maxDeepIterations: number;
  }
  const canonize: { canonize(dataset: object[], options: Options): Promise<string> };
  export default canonize;
}
