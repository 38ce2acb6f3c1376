import { debugIdOf } from './debug-id.js'
import { fetchMap } from './fetch-map.js'

/** Attaches to each sealed script of the inspected page its map from the server. Nothing is asked of the page's own origin. */

const { inspectedWindow } = chrome.devtools

/** @param {string} message shown in the console of the inspected page */
const say = message => inspectedWindow.eval(`console.info(${JSON.stringify(`[mapseal] ${message}`)})`)

const said = new Set()
/** @param {string} message */
function sayOnce(message) {
  if (said.has(message)) return
  said.add(message)
  say(message)
}

/** @param {chrome.devtools.inspectedWindow.Resource} resource */
async function attach(resource) {
  if (resource.type !== undefined && resource.type !== 'script') return
  if (typeof resource.attachSourceMapURL !== 'function') {
    return sayOnce('This browser has no API to attach source maps (Resource.attachSourceMapURL). Update it.')
  }
  // The ID is known once the script is parsed, and no map can be attached before; it is then added anew.
  const debugId = 'buildId' in resource ? resource.buildId : debugIdOf(await contentOf(resource))
  if (!debugId || underWay.has(resource.url)) return
  underWay.add(resource.url)
  try {
    const url = await fetchMap(debugId)
    if (url) await resource.attachSourceMapURL(url)
  } catch (cause) {
    sayOnce(cause.message)
  } finally {
    underWay.delete(resource.url)
  }
}

/** A script is listed and added at the same time, and its map may have megabytes. */
const underWay = new Set()

/** @param {chrome.devtools.inspectedWindow.Resource} resource @returns {Promise<string>} */
function contentOf(resource) {
  return new Promise(done => resource.getContent(content => done(content ?? '')))
}

inspectedWindow.onResourceAdded.addListener(attach)
chrome.devtools.network.onNavigated.addListener(() => said.clear())
inspectedWindow.getResources(resources => resources.forEach(attach))
