import { IncomingMessage } from 'node:http';
import { Destination } from '@mapseal/core';

type Fault = {
    status: number;
    headers?: Record<string, string>;
    body?: string;
}
/** The connection is reset before any response. */
 | 'reset'
/** The request is read and never answered. */
 | 'hang';
type Which = 'all' | 'first of each' | 'once';
/** Stands before a destination's server on loopback and passes everything on, until it is made to fail. */
interface Front {
    /** Without a slash at its end. */
    origin: string;
    /** `METHOD /path` in order of arrival. */
    requests: string[];
    /** Every request fails from now on, the first of each method and path, or the next one alone. */
    fail(fault: Fault, which: Which): void;
    /** Called as a request arrives, before it is answered. */
    onRequest(listener: () => void): void;
    close(): Promise<void>;
}
declare function startFront(upstream: string): Promise<Front>;

/** A request as a vendor's server reads it. */
interface Recorded {
    method: string;
    /** With the query. */
    path: string;
    headers: IncomingMessage['headers'];
    /** Decoded by `Content-Encoding`. */
    body: Buffer;
    /** The parts of a form, in their order; empty for other bodies. */
    parts: Part[];
}
interface Part {
    name: string;
    filename?: string;
    type?: string;
    bytes: Buffer;
}
interface Recorder {
    origin: string;
    /** Those that were answered well. */
    requests: Recorded[];
    close(): Promise<void>;
}
/** The body of the answer as JSON; undefined for an empty one. */
type Answer = (request: Recorded, origin: string) => unknown;
/** A server on loopback that takes everything. */
declare function startRecorder(answer?: Answer): Promise<Recorder>;
/** The value of a form's field or file, by its name. */
declare function partOf({ parts }: Recorded, name: string): Buffer | undefined;

/** Needs percent, JSON and base64 to spell it otherwise; a header can hold it. */
declare const secret: string;
/** A secret as servers and libraries repeat it: plain, percent, JSON and base64, alone and after a name. */
declare function echoes(text: string): string[];
/** What shows the secret in any of these. In base64, the letters at the edges belong to what stands beside it. */
declare function leaks(text: string): string[];

/** What the contract has to know of a destination. */
interface Subject {
    /** Starts what receives the maps, empty. */
    start(): Promise<Receiver>;
    /** Statuses by which the server says that it has a file already. @default [] */
    duplicates?: number[];
    /** Cases that mean nothing to this destination, each with the reason. */
    without?: Partial<Record<Case, string>>;
}
interface Receiver {
    /** The server's origin, on loopback; absent for a destination that sends no requests. */
    origin?: string;
    /** The destination with its server at `origin`; `secret` replaces its token, where it has one. */
    create(options: {
        origin: string;
        secret?: string;
    }): Destination;
    /** The texts of the maps that it holds now, each once. */
    maps(): Promise<string[]>;
    stop(): Promise<void>;
}
type Case = 'success' | 'empty' | '401' | '413' | '429 with Retry-After' | '500 then success' | 'timeout' | 'reset' | 'abort' | 'large map' | 'non-ASCII path' | 'duplicate' | 'partial failure then resume' | 'dry run' | 'no secret in any message';
/** What every destination promises, whatever it delivers to. */
declare function destinationContract(name: string, { start, without, duplicates }: Subject): void;

/** A vendor, as the contract has to know it. */
interface VendorSubject extends Pick<Subject, 'duplicates' | 'without'> {
    create: Awaited<ReturnType<Subject['start']>>['create'];
    /** The source map in a request; undefined where it has none. */
    mapOf(request: Recorded): Buffer | undefined;
    answer?: Answer;
}
/** A vendor whose server is played by a recorder: it has the maps that were sent to it. */
declare function vendorSubject({ create, mapOf, answer, ...subject }: VendorSubject): Subject;

export { destinationContract, echoes, leaks, partOf, secret, startFront, startRecorder, vendorSubject };
export type { Answer, Case, Front, Receiver, Recorded, Recorder, Subject, VendorSubject };
