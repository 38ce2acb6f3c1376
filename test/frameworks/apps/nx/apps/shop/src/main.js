document.querySelector('#boom').addEventListener('click', () => import('./boom.js').then(({ boom }) => boom()))
