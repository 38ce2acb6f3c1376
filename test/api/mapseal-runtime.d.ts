/** An error as `POST /api/symbolicate` of the server takes it. */
interface ErrorReport {
    /** The stack of the error, then those of its causes and of what it aggregates. */
    stack: string;
    /** Debug IDs of the scripts in its stack, by their URLs. */
    debugIds: Record<string, string>;
}
/**
 * The stack of an error, its causes and the errors it aggregates, with the debug IDs of the scripts in it: what any logger
 * needs to send, so that the server can read the stack. Works in browsers, workers, Node, Deno and Bun.
 */
declare function debugIdsOf(error: unknown): ErrorReport;

export { debugIdsOf };
export type { ErrorReport };
