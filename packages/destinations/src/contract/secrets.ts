/** Needs percent, JSON and base64 to spell it otherwise; a header can hold it. */
export const secret: string = 'sntrys_5ecret/with+"quotes"&more=1'

/** A secret as servers and libraries repeat it: plain, percent, JSON and base64, alone and after a name. */
export function echoes(text: string): string[] {
  const percent = encodeURIComponent(text)
  const base64 = [text, `n:${text}`, `na:${text}`].map(each => Buffer.from(each).toString('base64'))
  return [
    text,
    percent,
    percent.replace(/%../g, hex => hex.toLowerCase()),
    JSON.stringify(text).slice(1, -1),
    Buffer.from(text).toString('base64url'),
    ...base64,
  ]
}

/** What shows the secret in any of these. In base64, the letters at the edges belong to what stands beside it. */
export function leaks(text: string): string[] {
  return echoes(text).map(echo => (/^[\w-]+=*$/.test(echo) && echo !== text ? echo.slice(6, -6) : echo))
}
