"""The pages that are served: rows as the service sends them, the same on every machine and in every run."""

import os
import shutil

ROWS = 1000
# Pages that differ from one another. A longer list has them again and again, which costs no disk.
DIFFERENT = 100
LISTS = {"pages10": 10, "pages100": 100, "pages1000": 1000}
SMALL_GROUPS, SMALL_ROWS = 1000, 20
NAMES = ["Captain America", "Iron Man", "Wolverine", "Cyclops", "Barry Allen", "Zoë Müller", "Jean Grey", "Peter Parker"]


def write(folder):
    """Writes FOLDER/GUID/PAGE.json for every group, and a page with unknown fields beside them."""
    if (folder / "complete").exists():
        return
    shutil.rmtree(folder, ignore_errors=True)
    for guid, pages in LISTS.items():
        (folder / guid).mkdir(parents=True)
        for number in range(1, pages + 1):
            file = folder / guid / f"{number}.json"
            if number <= DIFFERENT:
                file.write_text(page(number, ROWS, pages))
            else:
                os.link(folder / guid / f"{(number - 1) % DIFFERENT + 1}.json", file)
    for number in range(1, SMALL_GROUPS + 1):
        group = folder / f"group{number}"
        group.mkdir()
        (group / "1.json").write_text(page(number, SMALL_ROWS, 1))
    (folder / "documented.json").write_text(page(1, ROWS, 100))
    (folder / "unknown.json").write_text(page(1, ROWS, 100, unknown=True))
    (folder / "complete").touch()


def page(number, rows, pages, unknown=False):
    """A page, with slashes escaped as the service does."""
    data = ",".join(row((number - 1) * ROWS + index, unknown) for index in range(rows))
    return (
        f'{{"data":[{data}],"meta":{{"pagination":{{"total":0,"count":{rows},"per_page":{ROWS},'
        f'"current_page":{number},"total_pages":{pages}}},"cursor":{{"updatedAt":1638354799,"affix":"prepend"}}}}}}'
    )


def row(number, unknown):
    """A row. Which of the optional fields it has follows from its number."""
    time = 1629869270 + number * 7
    fields = [
        f'"uid":"user-{number:08}","name":"{NAMES[number % len(NAMES)]}"',
        f'"avatar":"https:\\/\\/data-us.cometchat.io\\/assets\\/images\\/avatars\\/{number:06}.png"',
    ]
    if number % 3 == 0:
        fields.append('"link":"https:\\/\\/data-us.cometchat.io\\/assets"')
    if number % 2 == 0:
        fields.append(f'"metadata":{{"email":"user{number}@example.com","contactNumber":"0123456789"}}')
    if number % 5 == 0:
        fields.append('"tags":["beta","europe"],"statusMessage":"At the movies"')
    status = "offline" if number % 4 else "available"
    scope = {0: "admin", 1: "moderator", 2: "moderator"}.get(number % 50, "participant")
    fields.append(
        f'"status":"{status}","role":"default","scope":"{scope}","joinedAt":{time},"createdAt":{time - 1000},'
        f'"updatedAt":{time + 10},"lastActiveAt":{time + 20},"conversationId":"user-{number:08}_user_superhero4"'
    )
    if unknown:
        online = "false" if number % 4 else "true"
        fields.append(f'"isOnline":{online},"platform":"web","unreadMessageCount":"{number % 9}"')
    return "{" + ",".join(fields) + "}"
