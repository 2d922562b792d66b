"""Who keeps a passkey, by the id of the kind of its authenticator (AAGUID), so that its owner knows it again.

The ids are public; of the many, these are those that most people's devices come with or get.
"""

from uuid import UUID

_NAMES = {
    UUID(aaguid): name
    for name, aaguids in {
        "Google Password Manager": ["ea9b8d66-4d01-1d21-3ce4-b6b48cb575d4"],
        "iCloud Keychain": ["fbfc3007-154e-4ecc-8c0b-6e020557d7bd", "dd4ec289-e01d-41c9-bb89-70fa845d4bf2"],
        "Windows Hello": [
            "08987058-cadc-4b81-b6e1-30de50dcbe96",
            "9ddd1817-af5a-4672-a2b9-3e3dd95000a9",
            "6028b017-b1d4-4c02-b4b3-afcdafc96bb2",
        ],
        "Chrome (macOS)": ["adce0002-35bc-c60a-648b-0b25f1f05503"],
        "Edge (macOS)": ["771b48fd-d3d4-4f74-9232-fc157ab0507a"],
        "Samsung Pass": ["53414d53-554e-4700-0000-000000000000"],
        "1Password": ["bada5566-a7aa-401f-bd96-45619a55120d"],
        "Bitwarden": ["d548826e-79b4-db40-a3d8-11116f7e8349"],
        "Dashlane": ["531126d6-e717-415c-9320-3d9aa6981239"],
        "Enpass": ["f3809540-7f14-49c1-a8b3-8f813b225541"],
        "KeePassXC": ["fdb141b2-5d84-443e-8a35-4698c205a502"],
        "Keeper": ["0ea242b4-43c4-4a1b-8b17-dd6d0b6baec6"],
        "NordPass": ["b84e4048-15dc-4dd0-8640-f4f60813c8af"],
        "Proton Pass": ["50726f74-6f6e-5061-7373-50726f746f6e"],
    }.items()
    for aaguid in aaguids
}


def authenticator_of(aaguid: UUID) -> str | None:
    """What a kind of authenticator is called; None for those that are not known or say nothing."""
    return _NAMES.get(aaguid)
