import mapseal from 'mapseal/vite'

export default {
  framework: '@storybook/html-vite',
  stories: ['../src/*.stories.js'],
  viteFinal: config => ({ ...config, plugins: [...config.plugins, mapseal()] }),
}
