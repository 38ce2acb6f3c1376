/** Whether a release may have this name; the rules are Sentry's. */
export function isVersion(version: string): boolean {
  return (
    /^[^/\\\u0000-\u001f\u007f]{1,250}$/.test(version) &&
    !['.', '..', 'latest'].includes(version) &&
    version.trim() === version
  )
}

export function isDist(dist: string): boolean {
  return /^[^\u0000-\u001f\u007f]{1,64}$/.test(dist)
}
