/** The server's log. It contains neither tokens nor query strings: callers pass paths. */
export interface Log {
  info(event: string, fields?: LogFields): void
  warn(event: string, fields?: LogFields): void
  error(event: string, fields?: LogFields): void
}

export type LogFields = Record<string, string | number | boolean | undefined>

export type LogFormat = 'text' | 'json'

/** One line for each event: JSON for machines, else `12:30:01 request method=GET path=/healthz status=200 ms=1`. */
export function createLog(write: (line: string) => void, format: LogFormat): Log {
  const log =
    (level: string) =>
    (event: string, fields: LogFields = {}) => {
      const time = new Date().toISOString()
      if (format === 'json') write(`${JSON.stringify({ time, level, event, ...fields })}\n`)
      else write(`${time.slice(11, 19)} ${level === 'info' ? '' : `${level} `}${event}${inline(fields)}\n`)
    }
  return { info: log('info'), warn: log('warn'), error: log('error') }
}

/** Control characters are escaped, so that nothing from outside can start a new line. */
function inline(fields: LogFields): string {
  return Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}=${printable(String(value))}`)
    .join('')
}

function printable(value: string): string {
  return value.replace(
    /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g,
    char => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
