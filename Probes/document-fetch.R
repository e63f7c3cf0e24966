# expect: denied — a parser fetches nothing that a document names: it would read the Runtime API, and take data out
# unconfined: breach
# What comes back is this very event: a sign that begins a tag, or an entity, would be an error in it.
address = "http://127.0.0.1:9001/2018-06-01/runtime/invocation/next"
tag = intToUtf8(60)
document = paste0(tag, "!DOCTYPE a [", tag, "!ENTITY e SYSTEM '", address, "'>]>", tag, "a>", intToUtf8(38), "e;", tag, "/a>")
text = tryCatch(xml2::xml_text(xml2::read_xml(document, options = "NOENT")), error = function(e) "")
cat(if (nzchar(text)) "BREACH fetched" else "held", nchar(text), "characters\n")
