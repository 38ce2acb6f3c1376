import { half } from './half.js'

import('remote/widget').then(w => w.show()).catch(() => {})
document.body.append(half(2))
