/** What this loader uses of webpack's and Rspack's context. */
interface LoaderContext {
  resourcePath: string
  async(): (error: Error | null, code?: string, map?: unknown) => void
  getOptions(): { ignoredComponents: string[] }
}

/** Annotates a module with JSX before other loaders see it. Where one before has changed it, its map is that one's: it is left alone. */
export default function annotateLoader(this: LoaderContext, code: string, map?: unknown): void {
  const done = this.async()
  if (map) return void done(null, code, map)
  import('./annotate/annotate.ts').then(
    ({ annotate }) => {
      const annotated = annotate(code, this.resourcePath, this.getOptions().ignoredComponents)
      if (annotated) done(null, annotated.code, JSON.parse(annotated.map.toString()))
      else done(null, code)
    },
    (cause: Error) => done(cause),
  )
}
