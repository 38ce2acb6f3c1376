import { boom } from './boom.js'
import { half } from './half.js'

import('remote/widget').then(w => w.show()).catch(() => {})
document.querySelector('#boom').addEventListener('click', boom)
document.body.append(half(2))
