/** @type {import('next').NextConfig} */
export default { productionBrowserSourceMaps: true, experimental: { serverSourceMaps: true } }
