export interface StepOptions {
  cwd: string
  env?: NodeJS.ProcessEnv
  output?: { isTTY?: boolean; columns?: number; write(text: string): unknown }
  /** Milliseconds between two lines; by default 200 on a terminal, 10,000 elsewhere. */
  interval?: number
}

export function runStep(label: string, command: string, args: string[], options: StepOptions): Promise<void>
export function stepOf(line: string): string | undefined
