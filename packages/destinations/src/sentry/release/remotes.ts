/**
 * A repository's URL in the one form that all its spellings share, such as `github.com/acme/shop`; undefined for a path and
 * the like. Takes https, ssh, git and the scp-like `git@host:path`, from clones as well as from browsers; drops credentials.
 */
export function normalizeRemote(url: string): string | undefined {
  const match =
    /^(?:git\+)?(?:git|ssh|https?):\/\/(?:[^@/]*@)?([^/:]+)(?::\d+)?\/(.+)$/i.exec(url) ??
    /^(?:[^@/:]+@)?([^/:\\]{2,}):(?!\/\/)(.+)$/.exec(url)
  const [, host = '', path = ''] = match ?? []
  if (!match) return undefined
  return joinParts(host.toLowerCase(), trimPath(decode(path)).toLowerCase())
}

/** `acme/shop` of `github.com/acme/shop`. */
export function pathOfRemote(url: string): string | undefined {
  const normal = normalizeRemote(url)
  return normal?.slice(normal.indexOf('/') + 1)
}

function joinParts(host: string, path: string): string {
  if (host === 'dev.azure.com' || host === 'ssh.dev.azure.com' || host === 'vs-ssh.visualstudio.com') {
    return `dev.azure.com/${azurePath(path.replace(/^v3\//, ''))}`
  }
  const [, organization] = /^([^.]+)\.visualstudio\.com$/.exec(host) ?? []
  if (organization) return `dev.azure.com/${azurePath(`${organization}/${path.replace(/^defaultcollection\//, '')}`)}`
  const [, key, slug] = /^projects\/([^/]+)\/repos\/([^/]+)(?:\/browse)?$/.exec(path) ?? []
  if (key) return `${host}/${key}/${slug}`
  // Bitbucket Server's clones are below `scm/`, by https alone.
  const bare = path.replace(/^scm\/(?=[^/]+\/[^/]+$)/, '')
  // Where port 22 is closed, hosts take ssh under another name.
  return `${host.replace(/^(?:alt)?ssh\.(?=github\.com$|gitlab\.com$|bitbucket\.org$)/, '')}/${bare}`
}

/** `org/project/_git/repo`, and `org/_git/repo` where the project bears the repository's name. */
function azurePath(path: string): string {
  return path.replace(/^([^/]+)\/_git\/([^/]+)$/, '$1/$2/$2').replace('/_git/', '/')
}

function trimPath(path: string): string {
  return path
    .replace(/^\/+|\/+$/g, '')
    .replace(/\.git$/i, '')
    .replace(/\/+$/, '')
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
