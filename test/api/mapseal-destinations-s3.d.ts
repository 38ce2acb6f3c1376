export { S3Options, s3 } from '@mapseal/destinations/s3';
