/** Sentry's name of a file: `~/assets/app.js`, where `~` is any scheme and host. */
export function fileUrl(path: string, urlPrefix: string): string {
  return `${urlPrefix.replace(/\/$/, '')}/${path.replace(/^\/+/, '')}`
}

/** The name of a URL in the bundle: scheme and host become folders, `_` where there is none; ASCII. */
export function zipPath(url: string): string {
  const whole = /^([a-z][a-z0-9+.-]*):\/\/([^/]*)\/(.*)$/i.exec(url)
  const [scheme, host, path] = whole
    ? [whole[1] as string, whole[2] || '_', whole[3] as string]
    : ['_', '_', url.replace(/^~?\/*/, '')]
  return `files/${scheme}/${host}/${path}`.replace(/[^!-~]|["%<>`{}\\]/gu, encodeURIComponent)
}
