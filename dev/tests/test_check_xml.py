"""What the check of XML files finds."""

import tempfile
import unittest
from pathlib import Path

from lxml import etree

from dev import check_xml

# Stands for Odoo's schema: everything below <odoo>.
SCHEMA = """
<grammar xmlns="http://relaxng.org/ns/structure/1.0"><start><ref name="any"/></start>
<define name="any"><element><anyName/><zeroOrMore><choice>
<attribute><anyName/></attribute><text/><ref name="any"/></choice></zeroOrMore></element></define>
</grammar>
"""


class TestCheckXml(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.addon = Path(folder.name) / "addon"
        (self.addon / "views").mkdir(parents=True)

    def found(self, **files):
        listed = [f"views/{name}.xml" for name in files if name != "forgotten"]
        (self.addon / "__manifest__.py").write_text(repr({"data": listed}))
        for name, body in files.items():
            (self.addon / "views" / f"{name}.xml").write_text(f"<odoo>{body}</odoo>")
        schema = etree.RelaxNG(etree.fromstring(SCHEMA))
        return list(check_xml.problems(self.addon, schema))

    def test_one_name_for_two_records_is_found(self):
        """The later file would take the record of the other one, and nobody would see it."""
        record = '<record id="{}" model="ir.ui.view" />'
        sound = self.found(one=record.format("a"), two=record.format("b"))
        self.assertEqual(sound, [])
        (line,) = self.found(one=record.format("a"), two=record.format("a"))
        self.assertIn("a is in views/one.xml:1 already", line)

    def test_file_that_the_manifest_forgets_is_found(self):
        (line,) = self.found(forgotten="")
        self.assertIn("never loads it", line)
