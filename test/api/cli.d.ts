/** A stream that text goes to, or the bytes of a log. */
interface Output {
    write(text: string | Uint8Array): unknown;
    isTTY?: boolean;
}
/** Everything a command touches of the process it runs in. */
interface Io {
    stdout: Output;
    stderr: Output;
    stdin: AsyncIterable<Uint8Array | string> & {
        isTTY?: boolean;
    };
    env: NodeJS.ProcessEnv;
    cwd: string;
    /** Resolves when the process is signalled to end: Ctrl-C or SIGTERM. A second signal ends it at once. */
    untilStopped(): Promise<void>;
}

/**
 * Runs one command.
 *
 * @param args without the names of the interpreter and the script
 * @returns the exit code: 0, 1 where something failed or was found, 2 for a command or option that does not exist
 */
declare function main(args: string[], io?: Io): Promise<number>;

export { main };
export type { Io, Output };
