// What each client in TypeScript lists, as JSON.

declare const process: { env: Record<string, string> };

export const basePath = process.env.BASE_URL;
export const apiKey = process.env.API_KEY;
/** Whether openapi-fetch sends lists in its own way, which lists others. */
export const explodes = process.env.EXPLODE === "true";

export interface Query {
    guid: string;
    perPage?: number;
    page?: number;
    status?: "available" | "offline";
    scopes?: string[];
    onBehalfOf?: string;
}

export interface Page {
    data: { uid: string }[];
    totalPages?: number;
}

export interface Client {
    members(query: Query): Promise<Page>;
    banned(query: Query): Promise<Page>;
    /** The status and the code of an error. */
    refusal(error: unknown): Promise<[number?, string?]>;
}

async function uids(list: (query: Query) => Promise<Page>, filters: Partial<Query> = {}): Promise<string[]> {
    const uids: string[] = [];
    for (let page = 1, total = 1; page <= total; page++) {
        const { data, totalPages = 0 } = await list({ guid: "city", perPage: 1000, page, ...filters });
        uids.push(...data.map((row) => row.uid));
        total = totalPages;
    }
    return uids;
}

export async function report({ members, banned, refusal }: Client): Promise<void> {
    const found = {
        members: await uids(members),
        banned: await uids(banned),
        offline: await uids(members, { status: "offline" }),
        staff: await uids(members, { scopes: ["admin", "moderator"] }),
        for_a_user: await uids(members, { onBehalfOf: "superhero2" }),
        refusal: await members({ guid: "nosuchgroup" }).then(() => [], refusal),
    };
    console.log(JSON.stringify(found));
}
