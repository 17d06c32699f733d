"""The tables of tweets: which companies there are, and the columns of a followthehashtag export."""

COMPANIES = ("amzn", "googl", "msft", "nflx")

COLUMNS = (
    "Tweet Id",
    "Date",
    "Hour",
    "User Name",
    "Nickname",
    "Bio",
    "Tweet content",
    "Favs",
    "RTs",
    "Latitude",
    "Longitude",
    "Country",
    "Place (as appears on Bio)",
    "Profile picture",
    "Followers",
    "Following",
    "Listed",
    "Tweet language (ISO 639-1)",
    "Tweet Url",
    "Is a RT",
)
