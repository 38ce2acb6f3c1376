import { boom } from './boom.js'

function button() {
  const element = document.createElement('button')
  element.id = 'boom'
  element.textContent = 'boom'
  element.addEventListener('click', boom)
  return element
}

export default { title: 'Boom', render: button }
export const Boom = {}
