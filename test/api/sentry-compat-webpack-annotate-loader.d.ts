/** What this loader uses of webpack's and Rspack's context. */
interface LoaderContext {
    resourcePath: string;
    async(): (error: Error | null, code?: string, map?: unknown) => void;
    getOptions(): {
        ignoredComponents: string[];
    };
}
/** Annotates a module with JSX before other loaders see it. Where one before has changed it, its map is that one's: it is left alone. */
declare function annotateLoader(this: LoaderContext, code: string, map?: unknown): void;

export { annotateLoader as default };
