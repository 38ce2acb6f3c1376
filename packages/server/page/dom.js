/** An attribute that is undefined, null or false is left out; true is an empty one; functions are listeners (`onclick`). */
export function h(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children)
}

export function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, children)
}

/** Children are nodes or text, never markup: what events and uploads hold is from anyone. */
function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue
    if (typeof value === 'function') element.addEventListener(name.slice(2), value)
    else element.setAttribute(name, value === true ? '' : value)
  }
  element.append(...children.flat(Number.POSITIVE_INFINITY).filter(isChild))
  return element
}

function isChild(child) {
  return child !== undefined && child !== null && child !== false && child !== ''
}

/** Says something to those who hear the page, without moving the focus. */
export function announce(text) {
  document.getElementById('status').textContent = text
}

/** Says above everything what is wrong, until it is right again. */
export function warn(text) {
  const line = document.getElementById('trouble')
  if (line.textContent !== text) line.textContent = text
  line.hidden = text === ''
}

/** Replaces what `parent` holds; a link or a summary that had the focus has it still. */
export function replace(parent, ...children) {
  const { activeElement } = document
  const name = parent.contains(activeElement) ? activeElement.getAttribute('href') : null
  parent.replaceChildren(...children.flat().filter(isChild))
  if (name !== null) [...parent.querySelectorAll('a')].find(link => link.getAttribute('href') === name)?.focus()
}
