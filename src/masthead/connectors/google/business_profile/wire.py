"""The parts of Google's answers that we read."""

from __future__ import annotations

from datetime import UTC, datetime

from pydantic import Field

from masthead.connectors.google.rest import Shape

LONG_AGO = datetime.fromtimestamp(0, UTC)


class Holder(Shape):
    """An account of Business Profile: a person, an organisation or a group of locations."""

    name: str = Field(min_length=1)


class Holders(Shape):
    """A page of accounts."""

    accounts: list[Holder] = []
    nextPageToken: str = ""


class Address(Shape):
    """Where a location is."""

    addressLines: list[str] = []
    locality: str = ""


class Metadata(Shape):
    """What Google says of a location. `hasVoiceOfMerchant`: it is verified and shown, so that it may post."""

    hasVoiceOfMerchant: bool = False
    mapsUri: str = ""


class Location(Shape):
    """A business at a place; its name is locations/{number}."""

    name: str = Field(min_length=1)
    title: str = ""
    storefrontAddress: Address = Address()
    metadata: Metadata = Metadata()

    @property
    def label(self) -> str:
        """The business with its place, so that branches can be told apart."""
        address = self.storefrontAddress
        return ", ".join(one for one in (self.title or self.name, *address.addressLines[:1], address.locality) if one)


class Locations(Shape):
    """A page of locations."""

    locations: list[Location] = []
    nextPageToken: str = ""


class Photo(Shape):
    """A photo of a post, at Google's own address."""

    googleUrl: str = ""
    thumbnailUrl: str = ""
    mediaFormat: str = ""


class Event(Shape):
    """The event of a post; an offer has one too."""

    title: str = ""


class LocalPost(Shape):
    """A post; its name is accounts/{number}/locations/{number}/localPosts/{id}."""

    name: str = Field(min_length=1)
    languageCode: str = ""
    summary: str = ""
    topicType: str = ""
    state: str = ""
    createTime: datetime = LONG_AGO
    searchUrl: str = ""
    media: list[Photo] = []
    event: Event = Event()

    @property
    def id(self) -> str:
        """The last part of the name, which stays when the location moves to another account."""
        return self.name.rpartition("/")[2]


class LocalPosts(Shape):
    """A page of posts."""

    localPosts: list[LocalPost] = []
    nextPageToken: str = ""
